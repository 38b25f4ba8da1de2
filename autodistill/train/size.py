"""How large a trial may be so that a budget holds enough of them."""

import os
import time
from dataclasses import dataclass

import torch

from autodistill.pipeline import Pipeline
from autodistill.train.trial import Ticket, TrialData, run_trial

WANTED_TRIALS = 24
"""Full-length trials that a budget should hold; early stopping makes about half as many again."""
EPOCHS = 4
FEWEST_ROWS, ROWS_WITHOUT_CLOCK = 256, 4000
TIMED_ROWS = 320


@dataclass(frozen=True)
class TrialSize:
    """Rows and epochs of a study's trials, and the seconds that one is expected to take."""

    rows: int
    epochs: int
    seconds: float


def trial_size(data: TrialData, pipeline: Pipeline, *, seconds: float | None, workers: int) -> TrialSize:
    """Chosen from a short timed trial of the default recipe; without a time budget a fixed number of rows."""
    threads = torch.get_num_threads()
    os.environ["AUTODISTILL_THREADS"] = "1"
    run_trial(data, Ticket(-1, pipeline, 0, 32, 1), lambda *_: False)
    begin = time.perf_counter()
    found = run_trial(data, Ticket(-1, pipeline, 0, TIMED_ROWS, 1), lambda *_: False)
    whole = time.perf_counter() - begin
    torch.set_num_threads(threads)
    fixed = max(0.0, whole - found["cost"]["train_seconds"])
    evaluation = found["cost"]["evaluation_seconds"]
    per_row = max(1e-6, (found["cost"]["train_seconds"] - evaluation) / min(TIMED_ROWS, data.train_rows))
    rows = min(data.train_rows, ROWS_WITHOUT_CLOCK)
    if seconds is not None:
        room = seconds * workers / WANTED_TRIALS - fixed - EPOCHS * evaluation
        rows = min(data.train_rows, max(FEWEST_ROWS, int(room / per_row / EPOCHS)))
    return TrialSize(rows, EPOCHS, fixed + EPOCHS * (evaluation + rows * per_row))
