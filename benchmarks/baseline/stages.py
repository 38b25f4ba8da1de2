"""Stages: a search that is given twice the budget until its recipe reaches the baseline."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

CLEAR_ERRORS = 2.0
"""Standard errors from which a difference is more than noise."""


@dataclass(frozen=True)
class Stage:
    """A search command that has ended, and what its recommended recipe is worth."""

    budget_seconds: float
    """A total, as the command line takes it."""
    seconds: float
    """Wall seconds of this and all earlier search commands."""
    recipe: str
    scores: tuple[float, ...]
    """On the locked test, one per seed."""

    @property
    def mean(self) -> float:
        """Over seeds."""
        return fmean(self.scores)

    @property
    def deviation(self) -> float:
        """Over seeds, divided by their number, as the script gives its own."""
        return pstdev(self.scores)


def climb(
    search: Callable[[float], float],
    evaluate: Callable[[], tuple[str, tuple[float, ...]]],
    bar: float,
    *,
    first: float,
    limit: float,
) -> tuple[Stage, ...]:
    """Search with a total budget of `first` seconds, then twice that and so on, until a stage's mean is at least `bar`.

    `search` takes the budget and returns the wall seconds of its command, `evaluate` gives the recommended recipe and its scores. No
    stage begins that could not end within `limit` wall seconds, but for the first.
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
    """At least as good, but for the last digits of floating point."""
    return mean >= bar - 1e-9


def standard_error(deviations: Sequence[float], seeds: Sequence[int]) -> float | None:
    """Of the difference of two means over seeds, from deviations that were divided by the number of seeds; None below two seeds."""
    if min(seeds) < 2:
        return None
    return math.sqrt(sum(d * d / (n - 1) for d, n in zip(deviations, seeds)))


def is_noise(difference: float, error: float | None) -> bool | None:
    """Whether a difference is within noise over seeds; None where the noise is not known."""
    return None if error is None else abs(difference) <= CLEAR_ERRORS * error
