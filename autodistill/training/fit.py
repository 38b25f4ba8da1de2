"""One fit: a network, the terms of a pipeline, rows, epochs.

Used by trials, full runs and teachers alike.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.training.fit_plan import FitPlan
from autodistill.training.rungs import Hear, Report, Tick
from autodistill.training.signals import OpenShard


@dataclass(frozen=True)
class FitResult:
    """The results of a fit."""

    curve: tuple[tuple[int, float], ...]
    stopped: bool
    train_seconds: float
    evaluation_seconds: float
    """Part of train_seconds that went into scoring."""
    logits: NDArray[np.float32]
    """Logits on the selection rows of the last rung reached: (rows, classes).

    All selection rows after the last rung.
    """


def fit(
    network: Any,
    shard: OpenShard,
    plan: FitPlan,
    report: Report,
    tick: Tick | None = None,
    hear: Hear | None = None,
) -> FitResult:
    """Train `network` in place.

    Every random choice follows from `plan.seed` and torch's global generator.
    """
    from autodistill.training import lightning_fit  # seconds, which only a training has to wait

    return lightning_fit.fit(network, shard, plan, report, tick, hear)
