"""Fine-tuning of a teacher: several short runs from one start, weights averaged.

Source   Wortsman et al. 2022, arXiv:2203.05482 (model soups); Rame et al. 2022, arXiv:2205.09739
         (runs that differ only in their random draws).
Idea     Runs from one start end in one basin; the mean of their weights errs less than each, most
         of all on texts unlike the training's.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn

from autodistill.components.students import (
    Vocabulary,
    load_classifier,
    save_reader,
    use_dropout,
    use_labels,
    use_vocabulary,
)
from autodistill.datasets._tables import PixelTable, grey
from autodistill.runtime import files
from autodistill.runtime.device import Device
from autodistill.study.pipeline import Part, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.fit import FitResult, fit
from autodistill.training.fit_plan import FitPlan
from autodistill.training.signals import OpenShard, Shard
from autodistill.training.tuning import Tuning

FIRST_REPORT, STEPS_BETWEEN_REPORTS = 2, 10
"""Numbers of steps; the first step is slow and says nothing of the others."""
ACCURACY = -1
"""The step of a report that is an accuracy."""


@dataclass(frozen=True)
class TuneData:
    """Inputs shared by all runs of one fine-tuning."""

    source: Path
    """A network with its tokenizer; its head is replaced."""
    label_names: tuple[str, ...]
    words: Vocabulary
    """Trimmed vocabulary: absent words get no gradient, so steps leave them out."""
    shard: Shard
    """The rows in the ids of `words`."""
    target: Path
    """The folder that members write into."""
    tuning: Tuning
    seed: int
    device: Device
    kept: Path | None = None
    """A folder that outlives an interruption: ended members, and epochs of others.

    None: `target`, and epochs are not kept.
    """
    threads: int | None = None
    """Threads of each member; None: the cores, shared by the members."""

    def weights(self, member: int) -> Path:
        """The file of a member that has ended."""
        return (self.kept or self.target) / f"member_{member}.safetensors"


@dataclass(frozen=True)
class Member:
    """One run of a fine-tuning."""

    number: int


def tune_member(data: TuneData, member: Member, report: Any) -> dict[str, Any]:
    """One fine-tuning by cross-entropy; its weights go to the data's `weights`.

    Reports as `train_member`.
    """
    share = max(1, len(os.sched_getaffinity(0)) // data.tuning.members)
    torch.set_num_threads(data.threads or share)
    rows = len(data.shard.open().table)
    order = np.random.default_rng(data.seed).permutation(rows)
    held = data.tuning.held_rows(rows)
    place = data.weights(member.number)
    checkpoint = data.kept and place.with_suffix(".ckpt")
    network, result = train_member(
        data, member.number, np.sort(order[held:]), np.sort(order[:held]), report, checkpoint
    )
    with files.draft(place) as draft:
        save_file({k: v.contiguous() for k, v in network.state_dict().items()}, draft)
    place.with_suffix(".ckpt").unlink(missing_ok=True)
    return {"seconds": result.train_seconds}


def train_member(
    data: TuneData,
    number: int,
    rows: NDArray[np.int64],
    judged: NDArray[np.int64],
    report: Any,
    checkpoint: Path | None = None,
) -> tuple[Any, FitResult]:
    """The network after a fine-tuning on `rows`.

    Reports (step, steps in all), and (ACCURACY, accuracy) on the rows that it is judged on.
    """
    network = _start(data)
    torch.manual_seed(
        data.seed + 1 + number
    )  # all members start from the same head and differ in order and dropout
    plan = FitPlan(
        terms=(Term(Part("ce"), 1.0),),
        optimizer=data.tuning.optimizer,
        shapes=Shapes(0, 0, 0, 0),
        rows=rows,
        selection=judged,
        epochs=data.tuning.epochs,
        seed=data.seed + 1 + number,
        metric="accuracy",
        device=data.device,
        parts=data.tuning.parts,
        average=data.tuning.average,
        rates=dict.fromkeys(untrained_weights(network), data.tuning.head),
        checkpoint=checkpoint,
    )

    told = 0

    def tick(done: int, total: int) -> None:
        nonlocal told
        if done > told and (done % STEPS_BETWEEN_REPORTS == 0 or done in (FIRST_REPORT, total)):
            told = done
            report(done, float(total))

    def score(_: int, accuracy: float) -> bool:
        report(ACCURACY, accuracy)
        return False

    return network, fit(network, _moving(data), plan, score, tick)


def join_members(data: TuneData) -> None:
    """Write the averaged members to `target` as a classifier with its tokenizer.

    The whole vocabulary is put back.
    """
    network = _start(data)
    members = [data.weights(n) for n in range(data.tuning.members)]
    network.load_state_dict(mean_weights([load_file(file) for file in members]))
    if data.words.keep is not None:
        _whole_vocabulary(network, data)
    network.save_pretrained(data.target)
    save_reader(data.source, data.target)
    for file in members:
        file.unlink()


def _whole_vocabulary(network: Any, data: TuneData) -> None:
    trimmed = network.get_input_embeddings().weight.detach()
    whole = load_classifier(data.source, len(data.label_names))
    full = whole.get_input_embeddings()
    assert data.words.keep is not None
    with torch.no_grad():
        full.weight[torch.from_numpy(np.load(data.words.keep))] = trimmed
    network.set_input_embeddings(full)
    network.config.vocab_size, network.config.pad_token_id = (
        whole.config.vocab_size,
        whole.config.pad_token_id,
    )


def _moving(data: TuneData) -> OpenShard:
    shard = data.shard.open()
    if not data.tuning.moves or not isinstance(shard.table, PixelTable):
        return shard
    table = replace(
        shard.table, draw=np.random.default_rng(data.seed), mirror=not grey(shard.table.pixels)
    )
    return replace(shard, table=table)


def untrained_weights(network: Any) -> list[nn.Parameter]:
    """The weights that nothing trained before: all outside the encoder, and its pooler.

    Encoders are trained by the states of their tokens, which no pooler sees.
    """
    inside = f"{network.base_model_prefix}."
    return [
        weight
        for name, weight in network.named_parameters()
        if not name.startswith(inside) or ".pooler." in name
    ]


def mean_weights(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each floating-point tensor; the first of every other one."""
    first = states[0]
    return {
        k: torch.stack([s[k] for s in states]).mean(0) if v.is_floating_point() else v
        for k, v in first.items()
    }


def _start(data: TuneData) -> Any:
    torch.manual_seed(data.seed)
    network = load_classifier(data.source, len(data.label_names))
    use_labels(network, data.label_names, ())
    if data.words.keep is not None:
        use_vocabulary(network, data.words)
    use_dropout(network, data.tuning.dropout)
    return network
