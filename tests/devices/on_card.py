"""Two steps of everything that takes part in a training, on a card that is not there.

`python -m tests.devices.on_card FOLDER` prints a JSON object: by case an error, or nothing.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.search.screening.scoring import Scorer
from autodistill.study.pipeline import Pipeline
from autodistill.training.assemble import make
from autodistill.training.lightning_fit import module_of, shares
from autodistill.training.predictions import predict
from autodistill.training.trial_data import TrialData
from tests.devices.card_cases import PLAIN, is_of_images, names, of_images, of_texts, pipeline_of
from tests.devices.fake_card import CARD, Masks, add_the_device, fake_card, moving

ROWS, SELECTION = np.arange(60), np.arange(60, 76)
Run = Callable[[list[int] | None], None]
"""A run on the card, given what masks select, or on the CPU, given None."""


class Card(Device):
    """The card that is not there."""

    @property
    def place(self) -> str:
        """Its name."""
        return CARD


def run_on_card(run: Run) -> None:
    """Run on the card; sizes that depend on values are those of a run on the CPU."""
    try:
        run([])
    except GuardOnDataDependentSymNode:
        with Masks() as masks:
            run(None)
        run(masks.counts)


def train(data: TrialData, pipeline: Pipeline, masks: list[int] | None) -> None:
    """Two steps of a training and a look at validation rows, as `fit` makes them."""
    made = make(data, pipeline, rows=ROWS, selection=SELECTION, epochs=1, seed=0)
    rows, _, held = shares(made.plan)
    module, stream = module_of(made.network, made.shard, made.plan, rows, held)
    device = CPU if masks is None else Card("cuda")
    place = torch.device(device.place)
    with nullcontext() if masks is None else fake_card(masks):
        with nullcontext() if masks is None else moving():
            module.to(place)
            for hook in made.plan.hooks:
                hook.begin(module.student)
            module.on_fit_start()
        batches = iter(stream)
        for number in range(2):
            batch = module.transfer_batch_to_device(next(batches), place, 0)
            loss = module.training_step(batch, number)
            assert loss.device == place, f"the loss is on {loss.device}"
            module.backward(loss)
            for hook in made.plan.hooks:
                hook.before_step(module.student, 0.5)
                hook.after_step(module.student, 0.5)
            module.on_train_batch_end(None, batch, number)
        if pipeline.student != PLAIN.student:
            predict(module.student, made.shard, SELECTION, device=device)


def score(data: TrialData, name: str, masks: list[int] | None) -> None:
    """A proxy's score of a student."""
    shard = data.shards["full"].open()
    student = families.build("students", PLAIN.student.name, PLAIN.student.knobs)
    network = student.build(data.backbone, data.vocabularies["full"])
    device = CPU if masks is None else Card("cuda")
    with nullcontext() if masks is None else fake_card(masks), moving():
        network.to(device.place)
        scorer = Scorer(data.backbone, shard, 60, [name], batches=1, starts=1, device=device)
        scorer(lambda: network, shard)


def said(run: Callable[[], None]) -> str:
    """The error of a case, with the lines of this project that led to it; empty: none."""
    try:
        run()
    except Exception as error:
        lines = traceback.extract_tb(error.__traceback__)
        own = [f"  {x.filename}:{x.lineno} {x.line}" for x in lines if "autodistill" in x.filename]
        return "\n".join([f"{type(error).__name__}: {str(error)[:300]}", *own[-4:]])
    return ""


def main(folder: Path) -> None:
    """Print what each case says."""
    add_the_device()
    torch.set_num_threads(1)
    texts, images = of_texts(folder / "texts"), of_images(folder / "images")
    os.environ["AUTODISTILL_STUDENT"] = str(texts.backbone.folder)
    found = dict[str, str]()
    asked = sys.argv[2:] or names()
    for case in asked:
        family, name, *_ = case.split()
        if family == "proxies":
            found[case] = said(partial(run_on_card, partial(score, texts, name)))
        else:
            data = images if is_of_images(case) else texts
            found[case] = said(partial(run_on_card, partial(train, data, pipeline_of(case))))
    print(json.dumps(found), flush=True)
    os._exit(0)  # torch's threads abort now and then at the end of a process with such a device


if __name__ == "__main__":
    main(Path(sys.argv[1]))
