"""A worker's trial that records when its first training step began."""

import time
from dataclasses import replace
from typing import Any

from autodistill.study.results import TrialResult
from autodistill.training.module import Distill
from autodistill.training.rungs import Report
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

FIRST_STEP = "first_step_at"
"""Key among a trial's costs: this machine's clock, shared by its processes."""

STEP = "training_step"


def run_noted(data: TrialData, ticket: TrialSpec, report: Report) -> TrialResult:
    """`run_trial` with the time of its first step.

    The process is used once, so a change made here affects one trial only.
    """
    seen: list[float] = []
    step = Distill.training_step

    def noted(module: Distill, batch: Any, number: int) -> Any:
        seen.append(time.monotonic())
        setattr(Distill, STEP, step)
        return step(module, batch, number)

    setattr(Distill, STEP, noted)
    found = run_trial(data, ticket, report)
    return replace(found, cost={**found.cost, FIRST_STEP: seen[0]})
