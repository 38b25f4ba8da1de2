"""Size of a trial, chosen so that a budget holds enough of them."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Self

import torch

from autodistill.datasets import Task
from autodistill.registry import families
from autodistill.study.lengths import FACTOR
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.study.recipe import full_epochs
from autodistill.training.rungs import EARLY_ROWS, RUNGS
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

WANTED_TRIALS = 36
"""Full-length trials that a search budget should hold.

Early stopping makes it about a third as many again.
"""
FEWEST_STEPS = 125
"""Optimiser steps of a run at least: for two classes and a student that inherits its layers.

In fewer steps most recipes are still near chance, and their order is that of their rates.
"""
STEPS_OF_CLASSES = 4
"""Steps at least for each class: a head that meets a class rarely does not know it yet.

BANKING77 (77 classes, 800 rows, teacher 0.562), the default recipe of `quick`, one seed: accuracy
0.175 after 31 steps, 0.264 after 62, 0.451 after 125, still rising by half with each doubling.
"""
FROM_RANDOM_WEIGHTS = 2
"""Times as many steps for a student that inherits nothing."""
LEAST_RUNS = 4
"""Full-length runs that a budget holds in any case, the steps be as few as they will.

The default recipe and the student alone end in it, where time was estimated well the other two
baselines, too.
"""
FEWEST_VISITS, VISITS_WITHOUT_CLOCK, EPOCHS_WITHOUT_CLOCK = 1000, 12_000, 6
TIMED_ROWS, TIMED_SECONDS, TIMED_STEP = (128, 320), 4.0, 64
"""Rows of a timed trial at least and at most, the seconds that they fit in, and their multiple."""


@dataclass(frozen=True)
class TrialSize:
    """Rows and epochs of a study's trials, and the expected seconds of one."""

    rows: int
    epochs: int
    seconds: float
    on_card: int = 0
    """Trials that a card's memory holds at once; 0: no card."""


@dataclass(frozen=True)
class Aim:
    """The rows that the runs of a study may learn from, and how they are run."""

    learnable_rows: int
    """Training rows, and unlabelled ones where there are any."""
    selection_rows: int
    workers: int
    fewest_visits: int = FEWEST_VISITS
    """Rows that a run sees at least, where the budget holds LEAST_RUNS such runs."""
    wanted: int = WANTED_TRIALS
    room: float = math.inf
    """Runs that a budget holds, FACTOR times as long as a study's first: the best are promoted.

    Infinite: none is.
    """


@dataclass(frozen=True)
class Pace:
    """Seconds of a trial on one thread of this machine, by part."""

    fixed_seconds: float
    """Building and closing."""
    row_seconds: float
    """For each row of each epoch."""
    judged_seconds: float = 0.0
    """For each validation row, each time it is evaluated."""
    on_card: int = 0
    """Trials that a card's memory holds at once; 0: no card."""

    def beside(self, others: float) -> Self:
        """The pace of a process that is slower by this factor, beside others; see `crowding`."""
        return replace(
            self,
            fixed_seconds=others * self.fixed_seconds,
            row_seconds=others * self.row_seconds,
            judged_seconds=others * self.judged_seconds,
        )

    def seconds(self, visits: int, selection_rows: int) -> float:
        """Seconds of a trial that sees `visits` rows and is evaluated at all rungs."""
        looks = (len(RUNGS) - 1) * min(EARLY_ROWS, selection_rows) + selection_rows
        return self.fixed_seconds + visits * self.row_seconds + looks * self.judged_seconds


def measure_pace(data: TrialData, pipelines: Sequence[Pipeline]) -> Pace:
    """Mean pace of short timed trials of these pipelines, after one for warm-up.

    Without views and tutors, which do not exist yet.
    """
    pipelines = [p.with_stages(augmentation=NONE, tutor=NONE) for p in pipelines]
    threads = torch.get_num_threads()
    try:
        _, seconds, _ = _timed(data, pipelines[0], 32)
        found = [_timed(data, p, timed_rows(seconds)) for p in pipelines]
    finally:
        torch.set_num_threads(threads)
    fixed, row, judged = (fmean(parts) for parts in zip(*found))
    return Pace(fixed, row, judged)


def timed_rows(row_seconds: float) -> int:
    """Rows of a timed trial, by the seconds of one: fewer on a slow machine, enough for a mean."""
    fitting = int(TIMED_SECONDS / row_seconds) // TIMED_STEP * TIMED_STEP
    return min(max(fitting, TIMED_ROWS[0]), TIMED_ROWS[1])


def _timed(data: TrialData, pipeline: Pipeline, rows: int) -> tuple[float, float, float]:
    begin = time.perf_counter()
    found = run_trial(data, TrialSpec(-1, pipeline, 0, rows, 1), lambda *_: False, threads=1)
    whole, cost = time.perf_counter() - begin, found.cost
    looks = (len(RUNGS) - 1) * min(EARLY_ROWS, data.selection_rows) + data.selection_rows
    training = cost["train_seconds"] - cost["evaluation_seconds"]
    fixed = max(0.0, whole - cost["train_seconds"])
    return (
        fixed,
        max(1e-6, training / rows),
        cost["evaluation_seconds"] / looks,
    )


def fewest_visits(pipeline: Pipeline, classes: int) -> int:
    """Rows that a run of this pipeline's student and batch sees at least."""
    student = families.build("students", pipeline.student.name, pipeline.student.knobs)
    optimizer = families.build("optimizers", pipeline.optimizer.name, pipeline.optimizer.knobs)
    steps = max(FEWEST_STEPS, STEPS_OF_CLASSES * classes)
    return int(optimizer.batch * steps * (1 if student.from_teacher else FROM_RANDOM_WEIGHTS))


def learnable_rows(task: Task) -> int:
    """Rows that a run may learn from: training rows, and unlabelled ones where there are any."""
    return len(task.train) + task.pool_rows


def trial_size(pace: Pace, aim: Aim, seconds: float | None) -> TrialSize:
    """The trial size for a budget; without one of time, a fixed number of visits, in few epochs.

    Where the budget has room for runs that are FACTOR times as long, those that come first are the
    shorter ones.
    """
    usual = min(VISITS_WITHOUT_CLOCK, EPOCHS_WITHOUT_CLOCK * aim.learnable_rows)
    visits = float(max(usual, aim.fewest_visits))
    if seconds is not None:

        def held(runs: float) -> float:
            each = seconds * aim.workers / runs - pace.seconds(0, aim.selection_rows)
            return each / pace.row_seconds

        fewest = min(aim.fewest_visits, held(LEAST_RUNS))
        visits = max(FEWEST_VISITS, fewest, held(aim.wanted))
        whole = full_epochs(aim.learnable_rows) * aim.learnable_rows
        short = min(held(FACTOR * aim.room), whole / FACTOR)
        if short >= aim.fewest_visits:
            visits = short
    rows, epochs = rows_and_epochs(visits, aim.learnable_rows)
    return TrialSize(rows, epochs, pace.seconds(epochs * rows, aim.selection_rows), pace.on_card)


def rows_and_epochs(visits: float, learnable_rows: int) -> tuple[int, int]:
    """Different rows first, then further epochs; never more than in a full training."""
    most = full_epochs(learnable_rows)
    epochs = min(most, max(1, math.ceil(visits / learnable_rows)))
    return min(learnable_rows, int(visits / epochs)), epochs
