"""Recipes that past studies suggest: asked for in turn with the sampler's own, and dropped when they do not do better."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from optuna.trial import FrozenTrial

ENOUGH = 2
"""Of either side that have come to the first rung, before they are compared."""
PAST, DEFAULT = "past studies", "the default recipe"
"""Why a run was asked for."""


class Hints:
    """Values to ask for, by asked name, the most promising first."""

    def __init__(self, values: Sequence[Mapping[str, Any]]) -> None:
        self.values = values

    def next(self, trials: Sequence[FrozenTrial]) -> tuple[int, Mapping[str, Any]] | None:
        """The next one and its place, after as many runs of the study's own; None when there is none left, or they have been dropped."""
        asked = {t.user_attrs["hint"] for t in trials if "hint" in t.user_attrs}
        left = [i for i in range(len(self.values)) if i not in asked]
        if not left or len(_own(trials)) <= len(asked) or self.are_worse(trials):
            return None
        return left[0], self.values[left[0]]

    def are_worse(self, trials: Sequence[FrozenTrial]) -> bool:
        """At the first rung the middle one of them is behind the middle one of the study's own."""
        return are_behind(
            _firsts([t for t in trials if "hint" in t.user_attrs]), _firsts(_own(trials))
        )


def are_behind(hinted: Sequence[float], own: Sequence[float]) -> bool:
    """The middle score of those suggested is below that of the study's own, and there are enough of both."""
    return min(len(hinted), len(own)) >= ENOUGH and median(hinted) < median(own)


def _own(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """The default recipe and what the sampler drew."""
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
