"""Two forms of one student compared: how far their logits and their predictions differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.metrics import Metric

MOST_DIFFERENCE = 1e-4
"""Largest difference of two logits in float32 that counts as rounding."""
MOST_POINTS = 0.5
"""Points of the score, of a hundred, that int8 may lose where more than one row changes."""
LEAST_AGREEMENT, LEAST_UNLABELLED = 0.95, 0.98
"""Share of rows for which int8 must predict the same class, with and without labels."""


@dataclass(frozen=True)
class Parity:
    """A comparison on some rows."""

    rows: int
    difference: float
    """Largest difference between two logits."""
    agreement: float
    """Share of rows with the same predicted class."""
    before: float | None = None
    """Score of the student in torch; None without labels."""
    after: float | None = None

    def fault_of_float32(self) -> str:
        """Why this is no copy of the student; empty where it is."""
        if self.difference <= MOST_DIFFERENCE:
            return ""
        return f"the largest logit difference is {self.difference:.2g}, above {MOST_DIFFERENCE:g}"

    def fault_of_int8(self) -> str:
        """Why rounding to int8 costs too much; empty where it does not."""
        labelled = self.before is not None and self.after is not None
        least = LEAST_AGREEMENT if labelled else LEAST_UNLABELLED
        if self.before is not None and self.after is not None:
            lost = 100 * (self.before - self.after)
            changed = round((1 - self.agreement) * self.rows)
            if changed > 1 and not lost <= MOST_POINTS + 1e-9:
                return (
                    f"it loses {lost:.1f} points of the score ({self.before:.4f} to "
                    f"{self.after:.4f}), above {MOST_POINTS:g}"
                )
        if not self.agreement >= least:
            return f"it predicts the same class for {self.agreement:.1%} of rows, below {least:.0%}"
        return ""

    def __str__(self) -> str:
        return f"largest logit difference {self.difference:.2g}, {self.agreement:.1%} same classes"


def compare(
    before: NDArray[np.float32],
    after: NDArray[np.float32],
    metric: Metric,
    labels: NDArray[np.int64] | None = None,
) -> Parity:
    """The comparison of two arrays of logits (rows, classes)."""
    first, second = metric.decide(before), metric.decide(after)
    scores = (None, None) if labels is None else (metric(first, labels), metric(second, labels))
    return Parity(
        len(before),
        float(np.abs(before - after).max()),
        float((first == second).mean()),
        *scores,
    )
