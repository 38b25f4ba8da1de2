"""From the end of a worker to the trial that is stored."""

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from autodistill.runtime.workers import Ended
from autodistill.search.asked import Asked
from autodistill.study.results import Trial, TrialResult


def trial_of(
    event: Ended,
    asked: Asked,
    student: Mapping[str, float],
    curve: Sequence[tuple[int, float]],
    environment: Mapping[str, str],
    longer: Mapping[str, int] = {},
) -> Trial:
    """The trial to store; `student` is the cost of its student, `curve` what it reported.

    `longer` are rows and epochs of a run of a higher level, which it has though it failed.
    """
    known: dict[str, Any] = {"environment": environment, "baseline": asked.baseline}
    cost = {"train_seconds": event.seconds, **student}
    if event.status == "done":
        result: TrialResult = event.result
        return Trial(
            event.number,
            asked.pipeline,
            asked.repeat,
            result.status,
            result.score,
            fidelity=result.fidelity,
            metrics=result.metrics,
            curve=result.curve,
            cost={**cost, **result.cost, "seconds": event.seconds},
            predictions=result.predictions,
            **known,
        )
    return Trial(
        event.number,
        asked.pipeline,
        asked.repeat,
        event.status,
        fidelity=longer,
        curve=tuple(curve),
        cost=cost,
        error=event.error,
        **known,
    )


def rejected(asked: Asked, cost: Mapping[str, float], why: str) -> Trial:
    """The trial of a student that breaks a limit: it was not trained."""
    return Trial(
        asked.number,
        asked.pipeline,
        asked.repeat,
        "rejected",
        cost=cost,
        error=why,
        baseline=asked.baseline,
    )


def is_result(outcome: Trial) -> bool:
    """Whether a study with this trial has something to recommend.

    The student of a shuffled teacher is no student to recommend.
    """
    return (
        outcome.status == "complete" and outcome.score is not None and outcome.baseline != "random"
    )


DEVICE = "device"
"""The entry of an environment that is there for runs on a card."""


def environment(device: str = "") -> dict[str, str]:
    """Versions and machine, for the record; `device` is empty for a CPU."""
    libraries = ("torch", "lightning", "optuna", "transformers", "kd-autodistill")
    here = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": sys.platform,
    }
    card = {DEVICE: device} if device else {}
    return {n: version(n) for n in libraries} | here | card
