"""Stages: a search with twice the budget until its recipe reaches the baseline."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

CLEAR_ERRORS = 2.0
"""Standard errors from which a difference is more than noise."""


@dataclass(frozen=True)
class Stage:
    """A finished search command, and the test scores of its recommended recipe."""

    budget_seconds: float
    """The total budget, as given on the command line."""
    seconds: float
    """Wall seconds of this and all earlier search commands."""
    recipe: str
    scores: tuple[float, ...]
    """Scores on the held-out test rows, one per seed."""

    @property
    def mean(self) -> float:
        """Mean over seeds."""
        return fmean(self.scores)

    @property
    def deviation(self) -> float:
        """Deviation over seeds, divided by their number, as the script's own."""
        return pstdev(self.scores)


def climb(
    search: Callable[[float], float],
    evaluate: Callable[[], tuple[str, tuple[float, ...]]],
    bar: float,
    *,
    first: float,
    limit: float,
) -> tuple[Stage, ...]:
    """Search with a total of `first` seconds, then twice that, until `bar` is met.

    Met means that a stage's mean is at least `bar`. `search` takes the budget and returns the
    wall seconds of its command, `evaluate` gives the recommended recipe and its scores. No stage
    begins that could not end within `limit` wall seconds, except the first.
    """
    stages: list[Stage] = []
    budget, seconds = first, 0.0
    while True:
        seconds += search(budget)
        stages.append(Stage(budget, seconds, *evaluate()))
        if reaches(stages[-1].mean, bar) or seconds + budget > limit:
            return tuple(stages)
        budget *= 2


def reaches(mean: float, bar: float) -> bool:
    """Whether a mean is at least the bar, up to floating-point rounding."""
    return mean >= bar - 1e-9


def standard_error(deviations: Sequence[float], seeds: Sequence[int]) -> float | None:
    """Standard error of the difference of two means over seeds; None below two seeds.

    From deviations that were divided by the number of seeds.
    """
    if min(seeds) < 2:
        return None
    return math.sqrt(sum(d * d / (n - 1) for d, n in zip(deviations, seeds)))


def is_noise(difference: float, error: float | None) -> bool | None:
    """Whether a difference is within noise over seeds; None for unknown noise."""
    return None if error is None else abs(difference) <= CLEAR_ERRORS * error
