"""Warm start: recipes from past studies, alternating with the sampler's own.

They are dropped when they do not do better.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from optuna.trial import FrozenTrial

from autodistill.search.unseen import Unseen

ENOUGH = 2
"""Runs of either side at the first rung that a comparison needs."""
PAST, DEFAULT, START = "past studies", "the default recipe", "a recipe to start with"
NAMED = "a network that is named as a student"
"""Reasons for a run."""


@dataclass
class _Tried:
    """Runs of either side."""

    asked: set[int] = field(default_factory=set)
    """Places of the suggestions that were run."""
    own: int = 0
    hinted_firsts: list[float] = field(default_factory=list)
    """Scores at the first rung, sorted."""
    own_firsts: list[float] = field(default_factory=list)

    def add(self, trial: FrozenTrial) -> None:
        """One more run."""
        attrs, values = trial.user_attrs, trial.intermediate_values
        first = [values[min(values)]] if values else []
        if "hint" in attrs:
            self.asked.add(attrs["hint"])
            for value in first:
                insort(self.hinted_firsts, value)
        if _is_own(attrs):
            self.own += 1
            for value in first:
                insort(self.own_firsts, value)

    @property
    def hints_are_worse(self) -> bool:
        """Whether the suggested runs are behind at the first rung."""
        return are_behind(self.hinted_firsts, self.own_firsts)


class Hints:
    """Values to try, by name in the space, the most promising first."""

    def __init__(self, values: Sequence[Mapping[str, Any]]) -> None:
        self.values = values
        self.unseen = Unseen()
        self.ended = _Tried()

    def next(self, trials: Sequence[FrozenTrial]) -> tuple[int, Mapping[str, Any]] | None:
        """The next values and their place; None when none are left or they were dropped.

        They are due after as many runs of the study's own.
        """
        tried = self._tried(trials)
        left = [i for i in range(len(self.values)) if i not in tried.asked]
        if not left or tried.own <= len(tried.asked) or tried.hints_are_worse:
            return None
        return left[0], self.values[left[0]]

    def are_worse(self, trials: Sequence[FrozenTrial]) -> bool:
        """Whether their median at the first rung is behind the study's own median."""
        return self._tried(trials).hints_are_worse

    def _tried(self, trials: Sequence[FrozenTrial]) -> _Tried:
        """All runs: those that have ended are looked at once."""
        for trial in self.unseen.of(trials):
            self.ended.add(trial)
        ended = self.ended
        tried = _Tried(set(ended.asked), ended.own, [*ended.hinted_firsts], [*ended.own_firsts])
        for trial in self.unseen.open:
            tried.add(trial)
        return tried


def are_behind(hinted: Sequence[float], own: Sequence[float]) -> bool:
    """Whether the median of the suggested runs is below the study's own.

    Needs enough of both.
    """
    return min(len(hinted), len(own)) >= ENOUGH and median(hinted) < median(own)


def _is_own(attrs: Mapping[str, Any]) -> bool:
    """The default recipe and the sampler's own."""
    return attrs.get("why", DEFAULT) == DEFAULT and "pipeline" in attrs and "control" not in attrs
