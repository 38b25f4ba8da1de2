"""Warm start: recipes from past studies, alternating with the sampler's own.

They are dropped when they do not do better.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from optuna.trial import FrozenTrial

ENOUGH = 2
"""Runs of either side at the first rung that a comparison needs."""
PAST, DEFAULT, START = "past studies", "the default recipe", "a recipe to start with"
NAMED = "a network that is named as a student"
"""Reasons for a run."""


class Hints:
    """Values to try, by name in the space, the most promising first."""

    def __init__(self, values: Sequence[Mapping[str, Any]]) -> None:
        self.values = values

    def next(self, trials: Sequence[FrozenTrial]) -> tuple[int, Mapping[str, Any]] | None:
        """The next values and their place; None when none are left or they were dropped.

        They are due after as many runs of the study's own.
        """
        asked = {t.user_attrs["hint"] for t in trials if "hint" in t.user_attrs}
        left = [i for i in range(len(self.values)) if i not in asked]
        if not left or len(_own(trials)) <= len(asked) or self.are_worse(trials):
            return None
        return left[0], self.values[left[0]]

    def are_worse(self, trials: Sequence[FrozenTrial]) -> bool:
        """Whether their median at the first rung is behind the study's own median."""
        return are_behind(
            _firsts([t for t in trials if "hint" in t.user_attrs]), _firsts(_own(trials))
        )


def are_behind(hinted: Sequence[float], own: Sequence[float]) -> bool:
    """Whether the median of the suggested runs is below the study's own.

    Needs enough of both.
    """
    return min(len(hinted), len(own)) >= ENOUGH and median(hinted) < median(own)


def _own(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """The default recipe and the sampler's own."""
    return [
        t
        for t in trials
        if t.user_attrs.get("why", DEFAULT) == DEFAULT
        and "pipeline" in t.user_attrs
        and "control" not in t.user_attrs
    ]


def _firsts(trials: Sequence[FrozenTrial]) -> list[float]:
    return [
        t.intermediate_values[min(t.intermediate_values)] for t in trials if t.intermediate_values
    ]
