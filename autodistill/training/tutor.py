"""Training of a tutor network, in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.components.students import Backbone, Vocabulary, save_reader
from autodistill.components.tutors import TutorTraining
from autodistill.registry import families
from autodistill.runtime.device import Device
from autodistill.study.pipeline import Part
from autodistill.training.fit import fit
from autodistill.training.fit_plan import FitPlan
from autodistill.training.rungs import never
from autodistill.training.shapes import shapes_of
from autodistill.training.signals import Shard


@dataclass(frozen=True)
class LessonData:
    """Inputs of a tutor training."""

    backbone: Backbone
    """The backbone that the tutor is cut from."""
    words: Vocabulary
    """The teacher's own vocabulary."""
    shard: Shard
    """Rows in that vocabulary's ids, with the signals of the tutor's teacher."""
    train_rows: int
    target: Path
    """The folder to write."""
    device: Device


@dataclass(frozen=True)
class LessonTicket:
    """Specification of one tutor training."""

    number: int
    training: TutorTraining


def give_lesson(
    data: LessonData, ticket: LessonTicket, report: Callable[[int, float], bool]
) -> dict[str, Any]:
    """Build and train the tutor and save it with its tokenizer.

    Reports (step, steps in all).
    """
    torch.set_num_threads(1)
    training = ticket.training
    torch.manual_seed(training.seed)
    student = families.build("students", training.student.name, training.student.knobs)
    network = student.build(data.backbone, data.words)
    shard = data.shard.open()
    epochs = max(1, round(training.visits / data.train_rows))
    rows = np.sort(
        np.random.default_rng(training.seed).permutation(data.train_rows)[
            : max(32, training.visits // epochs)
        ]
    )
    plan = FitPlan(
        terms=training.terms,
        optimizer=Part("adamw", {"lr": training.lr, "batch": 32}),
        shapes=replace(shapes_of(network, shard), teacher_heads=data.backbone.heads),
        rows=rows,
        selection=np.zeros(0, dtype=np.int64),
        epochs=epochs,
        seed=training.seed,
        metric="accuracy",
        device=data.device,
    )

    def tick(done: int, total: int) -> None:
        report(done, float(total))

    result = fit(network, shard, plan, never, tick)
    network.save_pretrained(data.target)
    save_reader(data.words.folder, data.target)
    return {"seconds": result.train_seconds}
