"""The spread of scores over seeds, and where the score of one more training lands.

The rows stay the same, so their choice adds nothing: this is narrower than the interval of a score
over rows, and, for one more run, wider than that of a mean over seeds.

Source   prediction interval for the mean of future observations: Hahn and Meeker 1991, chapter 4.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import variance
from typing import Self

from scipy.special import stdtrit

LEVEL = 0.95
NORMAL = 1.96
"""Standard deviations of a normal distribution on each side of a 95% interval."""
PRIOR_RUNS = 4
"""Repeats that the expected spread counts for, beside those that were measured."""


@dataclass(frozen=True)
class SeedSpread:
    """The spread of single runs' scores on one set of rows, over seeds alone."""

    deviation: float
    """Standard deviation."""
    freedom: int
    """Degrees of freedom behind it."""

    @classmethod
    def pooled(
        cls, groups: Iterable[Sequence[float]], prior: float, weight: int = PRIOR_RUNS
    ) -> Self:
        """One spread of all repeated groups, and of a prior that weighs like so many runs."""
        many = [group for group in groups if len(group) > 1]
        freedom = weight + sum(len(group) - 1 for group in many)
        squares = weight * prior**2 + sum(variance(g) * (len(g) - 1) for g in many)
        return cls(math.sqrt(squares / freedom), freedom)

    def interval(
        self, mean: float, runs: int, new_runs: int = 1, *, rows: int, level: float = LEVEL
    ) -> tuple[float, float]:
        """The ends between which the mean score of new runs lands in `level` of all cases.

        `mean` is that of `runs` known ones. No score on `rows` rows is known better than to one
        row, and none is above 1.
        """
        spread = math.hypot(self.deviation, 1 / rows) * math.sqrt(1 / runs + 1 / new_runs)
        reach = float(stdtrit(self.freedom, (1 + level) / 2)) * spread
        return mean - reach, min(mean + reach, 1.0)
