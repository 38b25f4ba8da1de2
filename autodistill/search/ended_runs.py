"""The runs of a search that have ended, each looked at once.

What is asked of all of them at every turn is kept up to date here, so that a turn costs after ten
thousand runs what it costs after a thousand. Of runs that can not be made again only counts stay.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import fmean

from autodistill.search.endings import DEVICE, is_result
from autodistill.search.repeats import Leaders
from autodistill.study.best import complete_runs
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import LevelsTried, level_of
from autodistill.study.pipeline import Part
from autodistill.study.results import Trial
from autodistill.study.sizes import ceilings


class LevelRuns:
    """Runs of one length."""

    def __init__(self, facts: StudyFacts) -> None:
        self.leaders = Leaders()
        self.small = [(most, Leaders()) for _, most in ceilings(facts)]
        """Most parameters of each size below the largest, and the recipes within."""
        self.baselines: dict[str, Trial] = {}
        """The first complete run of each baseline."""
        self.first: Trial | None = None
        """The recipe that was tried first; a baseline while there is none."""

    def add(self, run: Trial) -> None:
        """One more run of this length that has ended."""
        if self.first is None or _order(run) < _order(self.first):
            self.first = run
        if run.status != "complete":
            return
        if run.baseline:
            self.baselines.setdefault(run.baseline, run)
        self.leaders.add(run)
        for most, leaders in self.small:
            if run.cost.get("params", math.inf) <= most:
                leaders.add(run)


class EndedRuns:
    """All runs of a study that have ended."""

    def __init__(self, facts: StudyFacts, runs: Iterable[Trial] = ()) -> None:
        self.facts = facts
        self.tried = LevelsTried(facts)
        self.levels = defaultdict[int, LevelRuns](lambda: LevelRuns(facts))
        self.statuses = Counter[str]()
        self.has_result = False
        """Whether there is something to recommend."""
        self.best: Trial | None = None
        """The complete run of a recipe with the highest score."""
        self.alone: float | None = None
        """The highest score of a student alone."""
        self.students: dict[tuple[float, float], None] = {}
        """Parameters and score of complete runs of recipes, each pair once."""
        self._seconds = defaultdict[tuple[str, str | None], list[float | None]](list)
        """Training seconds of complete runs of the first length, by student and device.

        None: not recorded.
        """
        for run in runs:
            self.add(run)

    def add(self, run: Trial) -> None:
        """One more run that has ended; its predictions are not kept."""
        run = replace(run, predictions=b"")
        level = level_of(run, self.facts)
        self.tried.add(run)
        self.levels[level].add(run)
        self.statuses[run.status] += 1
        self.has_result |= is_result(run)
        if complete_runs([run]) and run.score is not None:
            self._add_score(run, run.score)
            if not level:
                place = _place(run.pipeline.student, run.environment.get(DEVICE))
                self._seconds[place].append(run.cost.get("train_seconds"))

    def seconds_of(self, student: Part | None, device: str | None, usual: float) -> float:
        """Mean of the first runs of this student; `usual` where there is none, or nothing of it."""
        own = self._seconds.get(_place(student, device)) if student else None
        return fmean(usual if s is None else s for s in own) if own else usual

    def _add_score(self, run: Trial, score: float) -> None:
        if run.baseline == "alone":
            self.alone = score if self.alone is None else max(self.alone, score)
        if run.baseline:
            return
        if self.best is None or score > (self.best.score or 0.0):
            self.best = run
        if "params" in run.cost:
            self.students[run.cost["params"], score] = None


def _order(run: Trial) -> tuple[bool, int]:
    return bool(run.baseline), run.number


def _place(student: Part, device: str | None) -> tuple[str, str | None]:
    return json.dumps(student.to_dict(), sort_keys=True), device
