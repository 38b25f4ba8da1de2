"""What a worker process runs in the measurements: a trial that notes when its first training step began."""

import time
from typing import Any

from autodistill.training.judge import Report
from autodistill.training.module import Distill
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

FIRST_STEP = "first_step_at"
"""Among the costs of an outcome: this machine's monotonic clock, which its processes share."""

STEP = "training_step"


def run_noted(data: TrialData, ticket: TrialSpec, report: Report) -> dict[str, Any]:
    """`run_trial`; the process is used once, so what is changed here is changed for one trial."""
    seen: list[float] = []
    step = Distill.training_step

    def noted(module: Distill, batch: Any, number: int) -> Any:
        seen.append(time.monotonic())
        setattr(Distill, STEP, step)
        return step(module, batch, number)

    setattr(Distill, STEP, noted)
    found = run_trial(data, ticket, report)
    return {**found, "cost": {**found["cost"], FIRST_STEP: seen[0]}}
