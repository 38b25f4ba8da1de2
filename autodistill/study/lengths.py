"""Length of runs: short ones first, the best again four times as long, and which are compared.

A length is counted in levels: a run of level n sees 4 ** n times as many rows, all passes together,
as a study's first runs. Scores of different levels are never compared.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from autodistill.study.best import complete_runs
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Pipeline

FACTOR = 4
"""Times as long as the runs of the level below.

The rungs of a run are half and whole; with 4 the next level is as far beyond the end as a later
rung would be, and one long run costs what four short ones do (Li et al. 2020, arXiv:1810.05934,
use 4 as well).
"""
REPEATED_LEADERS = 3
"""Recipes that are repeated with fresh seeds, and that a longer level needs to be compared."""


class Run(Protocol):
    """A run that has ended."""

    @property
    def status(self) -> str: ...
    @property
    def score(self) -> float | None: ...
    @property
    def baseline(self) -> str: ...
    @property
    def pipeline(self) -> Pipeline: ...
    @property
    def fidelity(self) -> Mapping[str, int]: ...


Ended = TypeVar("Ended", bound=Run)


def times_as_long(level: int) -> int:
    """How many times as many rows a run of this level sees as one of level 0."""
    return int(FACTOR**level)


def level_of(run: Run, facts: StudyFacts) -> int:
    """The level of a run: 0 where its length, or that of the study's first runs, is not known."""
    seen = run.fidelity.get("rows", 0) * run.fidelity.get("epochs", 0)
    first = (facts.rows or 0) * (facts.epochs or 0)
    return max(0, round(math.log(seen / first, FACTOR))) if seen and first else 0


def at_level(runs: Sequence[Ended], facts: StudyFacts, level: int) -> tuple[Ended, ...]:
    """The runs of this level."""
    return tuple(o for o in runs if level_of(o, facts) == level)


def size_of(runs: Sequence[Run], facts: StudyFacts) -> tuple[int | None, int | None]:
    """Rows and epochs of runs of one level; those of a study's first runs are its facts."""
    longer = [o.fidelity for o in complete_runs(runs) if level_of(o, facts)]
    return (longer[0]["rows"], longer[0]["epochs"]) if longer else (facts.rows, facts.epochs)


class LevelsTried:
    """Recipes and baselines run at each level, which decide the level that an answer compares.

    Recipes are counted up to REPEATED_LEADERS.
    """

    def __init__(self, facts: StudyFacts) -> None:
        self.facts = facts
        self.tried = defaultdict[int, set[str]](set)
        """Recipes that were run, by their keys."""
        self.complete = defaultdict[int, set[str]](set)
        """Those of them with a result."""
        self.baselines = defaultdict[int, set[str]](set)
        """Names of the baselines with a result."""

    def add(self, run: Run) -> None:
        """One more run that has ended."""
        level = level_of(run, self.facts)
        is_complete = bool(complete_runs([run]))
        if run.baseline and is_complete:
            self.baselines[level].add(run.baseline)
        if not run.baseline:
            _count(run, self.tried[level])
        if not run.baseline and is_complete:
            _count(run, self.complete[level])

    @property
    def compared(self) -> int:
        """The highest level that can be compared: it has the student alone and the leaders.

        Once it has, it is the one, however many shorter runs come later.
        """
        level = 0
        while self._can_be_compared(level + 1):
            level += 1
        return level

    def _can_be_compared(self, level: int) -> bool:
        """Whether all that was to be promoted was; what failed there was tried."""
        has_both = "alone" in self.baselines[level] and bool(self.complete[level])
        return has_both and len(self.tried[level]) >= len(self.complete[level - 1])


def _count(run: Run, keys: set[str]) -> None:
    if len(keys) < REPEATED_LEADERS:
        keys.add(run.pipeline.key)


def compared_level(runs: Sequence[Run], facts: StudyFacts) -> int:
    """The level that an answer compares."""
    levels = LevelsTried(facts)
    for run in runs:
        levels.add(run)
    return levels.compared
