"""Train a network that will teach, in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.components.students import Backbone, Vocabulary, save_reader
from autodistill.components.tutors import Lesson
from autodistill.registry import families as family
from autodistill.study.pipeline import Part
from autodistill.training.fit import FitPlan, fit, never
from autodistill.training.shapes import shapes_of
from autodistill.training.signals import Shard


@dataclass(frozen=True)
class LessonData:
    """What a lesson needs."""

    backbone: Backbone
    """That the network is cut from."""
    words: Vocabulary
    """The teacher's own."""
    shard: Shard
    """In its ids, with the signals of whoever teaches."""
    train_rows: int
    target: Path
    """The folder to write."""
    bfloat16: bool


@dataclass(frozen=True)
class LessonTicket:
    """One lesson."""

    number: int
    lesson: Lesson


def give_lesson(
    data: LessonData, ticket: LessonTicket, report: Callable[[int, float], bool]
) -> dict[str, Any]:
    """Build, train, write the network with its tokenizer; reports (step, steps in all)."""
    torch.set_num_threads(1)
    lesson = ticket.lesson
    torch.manual_seed(lesson.seed)
    student = family.build("students", lesson.student.name, lesson.student.knobs)
    network = student.build(data.backbone, data.words)
    shard = data.shard.open()
    epochs = max(1, round(lesson.visits / data.train_rows))
    rows = np.sort(
        np.random.default_rng(lesson.seed).permutation(data.train_rows)[
            : max(32, lesson.visits // epochs)
        ]
    )
    plan = FitPlan(
        terms=lesson.terms,
        optimizer=Part("adamw", {"lr": lesson.lr, "batch": 32}),
        shapes=replace(shapes_of(network, shard), teacher_heads=data.backbone.heads),
        rows=rows,
        selection=np.zeros(0, dtype=np.int64),
        epochs=epochs,
        seed=lesson.seed,
        metric="accuracy",
        bfloat16=data.bfloat16,
    )

    def tick(done: int, total: int) -> None:
        report(done, float(total))

    result = fit(network, shard, plan, never, tick)
    network.save_pretrained(data.target)
    save_reader(data.words.folder, data.target)
    return {"seconds": result.train_seconds}
