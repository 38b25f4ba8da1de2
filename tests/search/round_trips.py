"""A trial that measures how long its reports take to the search and back."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from autodistill.study.results import TrialResult
from autodistill.training.trial import TrialSpec

REPORTS = 20


def run(data: Any, ticket: TrialSpec, report: Callable[[int, float], bool]) -> TrialResult:
    """Report, and measure; stopped at the first reply that says so."""
    seconds, stopped = [], False
    for step in range(1, REPORTS + 1):
        begin = time.monotonic()
        stopped = stopped or report(step, 0.5)
        seconds.append(time.monotonic() - begin)
    return TrialResult(
        status="stopped",
        score=0.5,
        curve=((1, 0.5),),
        fidelity={},
        cost={"median": median(seconds), "longest": max(seconds), "stopped": stopped},
    )
