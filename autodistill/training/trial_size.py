"""How large a trial may be so that a budget holds enough of them."""

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import torch

from autodistill.study.pipeline import NONE, Pipeline
from autodistill.training.fit import EARLY_ROWS, RUNGS
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

WANTED_TRIALS = 36
"""Full-length trials that a budget of a search should hold; early stopping makes about half as many again."""
MOST_EPOCHS = 6
FEWEST_VISITS, VISITS_WITHOUT_CLOCK = 1000, 12_000
TIMED_ROWS = 320


@dataclass(frozen=True)
class TrialSize:
    """Rows and epochs of a study's trials, and the seconds that one is expected to take."""

    rows: int
    epochs: int
    seconds: float


@dataclass(frozen=True)
class Pace:
    """What a trial takes on one thread of this machine."""

    fixed_seconds: float
    """Building, closing."""
    row_seconds: float
    """For each row of each epoch."""
    judged_seconds: float = 0.0
    """For each selection row, each time it is looked at."""

    def seconds(self, visits: int, selection_rows: int) -> float:
        """A trial that sees `visits` rows and is judged at all rungs."""
        looks = (len(RUNGS) - 1) * min(EARLY_ROWS, selection_rows) + selection_rows
        return self.fixed_seconds + visits * self.row_seconds + looks * self.judged_seconds


def measure_pace(data: TrialData, pipelines: Sequence[Pipeline]) -> Pace:
    """The mean over short timed trials of these pipelines, after one that warms up; without views and tutors, which are not made yet."""
    pipelines = [p.with_stages(augmentation=NONE, tutor=NONE) for p in pipelines]
    threads, before = torch.get_num_threads(), os.environ.get("AUTODISTILL_THREADS")
    os.environ["AUTODISTILL_THREADS"] = "1"
    try:
        _timed(data, pipelines[0], 32)
        found = [_timed(data, p, TIMED_ROWS) for p in pipelines]
    finally:
        torch.set_num_threads(threads)
        os.environ.pop("AUTODISTILL_THREADS") if before is None else os.environ.update(
            AUTODISTILL_THREADS=before
        )
    return Pace(*(fmean(parts) for parts in zip(*found)))


def _timed(data: TrialData, pipeline: Pipeline, rows: int) -> tuple[float, float, float]:
    begin = time.perf_counter()
    found = run_trial(data, TrialSpec(-1, pipeline, 0, rows, 1), lambda *_: False)
    whole, cost = time.perf_counter() - begin, found["cost"]
    looks = (len(RUNGS) - 1) * min(EARLY_ROWS, data.selection_rows) + data.selection_rows
    training = cost["train_seconds"] - cost["evaluation_seconds"]
    fixed = max(0.0, whole - cost["train_seconds"])
    return (
        fixed,
        max(1e-6, training / min(rows, data.train_rows)),
        cost["evaluation_seconds"] / looks,
    )


def trial_size(
    pace: Pace,
    train_rows: int,
    selection_rows: int,
    *,
    seconds: float | None,
    workers: int,
    wanted: int = WANTED_TRIALS,
) -> TrialSize:
    """Different rows first, then epochs over the same rows; without a time budget a fixed number of visits to rows."""
    visits = float(VISITS_WITHOUT_CLOCK)
    if seconds is not None:
        visits = max(
            FEWEST_VISITS,
            (seconds * workers / wanted - pace.seconds(0, selection_rows)) / pace.row_seconds,
        )
    epochs = min(MOST_EPOCHS, max(1, math.ceil(visits / train_rows)))
    rows = min(train_rows, int(visits / epochs))
    return TrialSize(rows, epochs, pace.seconds(epochs * rows, selection_rows))
