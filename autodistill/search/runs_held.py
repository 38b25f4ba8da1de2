"""The runs that a budget holds: how many, how many of them longer, and how long they take."""

import math
from dataclasses import dataclass

from autodistill.prepare.workspace import Workspace
from autodistill.search.early_stopping import full_runs
from autodistill.search.promotion import highest_level, planned_runs, promotes
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import times_as_long
from autodistill.study.study import Budget
from autodistill.training.trial_size import TrialSize

RUN_SECONDS = 0.3
"""Seconds of a run beside its training: fork, ask, store."""


@dataclass(frozen=True)
class RunsHeld:
    """The runs of a search that a budget holds."""

    count: int
    closing_share: float
    seconds: float
    """Seconds of all of them."""
    promoted: int
    """How many of them are longer."""
    promoted_seconds: float
    """One of these to its end; 0 where there is none."""


def runs_held(workspace: Workspace, budget: Budget, workers: int, size: TrialSize) -> RunsHeld:
    """The runs of trials of this size, before any of them."""
    task, study, trial_seconds = workspace.task, workspace.study, size.seconds + RUN_SECONDS
    first = StudyFacts(
        rows=size.rows,
        epochs=size.epochs,
        trial_seconds=size.seconds,
        train_rows=len(task.train),
        pool_rows=task.pool_rows,
    )
    top = highest_level(first, budget, workers) if promotes(study) else 0
    promoted, runs, closing_share = 0, budget.trials or 100_000, budget.closing_share
    whole_runs = study.survey or study.students == "each"
    if whole_runs:
        closing_share, held = 0.0, (budget.seconds or math.inf) * workers / trial_seconds
        runs = min(runs, max(1, int(min(held, runs))))
    elif budget.seconds is not None:
        fitting, promoted, closing = planned_runs(budget, trial_seconds, workers, top)
        if fitting <= runs:
            runs, closing_share = fitting, closing / fitting
    whole = runs if whole_runs else full_runs(runs, closing_share)
    searching = min(whole * trial_seconds / workers, budget.seconds or math.inf)
    if promoted and budget.seconds is not None and budget.trials is None:
        searching = budget.seconds
    longer = times_as_long(top) * size.seconds + RUN_SECONDS if promoted else 0.0
    return RunsHeld(runs, closing_share, searching, promoted, longer)
