"""How large a trial may be so that a budget holds enough of them."""

import math
import os
import time
from dataclasses import dataclass

import torch

from autodistill.pipeline import Pipeline
from autodistill.train.trial import Ticket, TrialData, run_trial

WANTED_TRIALS = 24
"""Full-length trials that a budget should hold; early stopping makes about half as many again."""
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
    """What a trial of the default recipe takes on one thread of this machine."""

    fixed_seconds: float
    """Building, judging, closing."""
    row_seconds: float
    """For each row of each epoch."""


def measure_pace(data: TrialData, pipeline: Pipeline) -> Pace:
    """From a short timed trial, after one that warms up."""
    threads = torch.get_num_threads()
    os.environ["AUTODISTILL_THREADS"] = "1"
    run_trial(data, Ticket(-1, pipeline, 0, 32, 1), lambda *_: False)
    begin = time.perf_counter()
    found = run_trial(data, Ticket(-1, pipeline, 0, TIMED_ROWS, 1), lambda *_: False)
    whole = time.perf_counter() - begin
    torch.set_num_threads(threads)
    training = found["cost"]["train_seconds"] - found["cost"]["evaluation_seconds"]
    return Pace(max(0.0, whole - training), max(1e-6, training / min(TIMED_ROWS, data.train_rows)))


def trial_size(pace: Pace, train_rows: int, *, seconds: float | None, workers: int) -> TrialSize:
    """Different rows first, then epochs over the same rows; without a time budget a fixed number of visits to rows."""
    visits = float(VISITS_WITHOUT_CLOCK)
    if seconds is not None:
        visits = max(FEWEST_VISITS, (seconds * workers / WANTED_TRIALS - pace.fixed_seconds) / pace.row_seconds)
    epochs = min(MOST_EPOCHS, max(1, math.ceil(visits / train_rows)))
    rows = min(train_rows, int(visits / epochs))
    return TrialSize(rows, epochs, pace.fixed_seconds + epochs * rows * pace.row_seconds)
