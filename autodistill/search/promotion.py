"""Promotion: the best short runs again, four times as long, within the budget of a search."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from autodistill.search.early_stopping import REPEATED, runs_within
from autodistill.search.ended_runs import EndedRuns, LevelRuns
from autodistill.search.repeats import next_repeat, without_teacher
from autodistill.study.baselines import alone
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import FACTOR, REPEATED_LEADERS, times_as_long
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.recipe import full_epochs
from autodistill.study.results import BASELINES, Trial
from autodistill.study.study import Budget, Study
from autodistill.training.trial_size import rows_and_epochs

PROMOTED_SHARE = 0.3
"""Share of a budget for longer runs, before the repeats.

With ROOM these are seven: the student alone, the default recipe and three leaders, without which
nothing is compared, and the other two baselines.
"""
ROOM = 24
"""Runs of the longest kind that a budget must hold: seven to promote, six to repeat.

The rest, eleven times as long as one of them, holds about sixty short ones.
"""
NEEDED = 2 + REPEATED_LEADERS
"""Runs without which a level is not compared."""
MOST_REPEATS = 0.5
"""Repeat fraction above which too little is left for short runs: none is promoted."""
Taken = Callable[[str, str, int], int]
"""How often a pipeline was run or is running, by key, baseline and level."""
Fits = Callable[[int, Part | None], bool]
"""Whether a run of this level and student can end in time; None: a student not known yet."""


def any_fits(level: int, student: Part | None) -> bool:
    """True for every run: the budget is not one of time."""
    return True


@dataclass(frozen=True)
class Again:
    """A run of a leader, or of a baseline, that is made once more."""

    why: str
    """promotion or repeat."""
    level: int
    what: Trial | Pipeline
    """The recipe's first run; or the baseline's pipeline."""
    baseline: str = ""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline of the run."""
        return self.what.pipeline if isinstance(self.what, Trial) else self.what


@dataclass(frozen=True)
class Promotion:
    """How far a search promotes its runs, and which comes next."""

    facts: StudyFacts
    top: int = 0
    """The highest level that its budget allows; 0: none is promoted."""
    closing_share: float = 0.0

    def size(self, level: int) -> tuple[int, int]:
        """Rows and epochs of a run of this level."""
        rows, epochs = self.facts.rows, self.facts.epochs
        assert rows is not None
        assert epochs is not None
        if not level:
            return rows, epochs
        return rows_and_epochs(rows * epochs * times_as_long(level), learnable_rows(self.facts))

    def is_time_to_repeat(self, spent: float) -> bool:
        """Whether the closing share of the budget has begun."""
        return spent >= 1 - self.closing_share

    def repeat(self, runs: EndedRuns, taken: Taken, fits: Fits = any_fits) -> Again | None:
        """The next repeat of the longest runs that are compared, one that fits before others."""
        if not self.closing_share:
            return None
        level = runs.tried.compared
        found = next_repeat(
            runs.levels[level].leaders,
            lambda key, kind: taken(key, kind, level),
            lambda pipeline: fits(level, pipeline.student),
        )
        if found is None:
            return None
        return Again("repeat", level, found, "" if isinstance(found, Trial) else "alone")

    def longer(self, runs: EndedRuns, taken: Taken, spent: float) -> Again | None:
        """The next run of a higher level.

        When the time of the repeats has come, only what was begun is finished.
        """
        if not self.top or spent < 1 - self.closing_share - PROMOTED_SHARE:
            return None
        late, compared = spent >= 1 - self.closing_share, runs.tried.compared
        for level in range(1, min(self.top, compared + 1) + 1):

            def is_missing(again: Again, level: int = level) -> bool:
                return not taken(again.pipeline.key, again.baseline, level)

            wanted = candidates(runs.levels[level - 1], level)
            if late:
                wanted = _begun(list(wanted), is_missing) if level > compared else iter(())
            if found := next(filter(is_missing, wanted), None):
                return found
        return None


def _begun(wanted: list[Again], is_missing: Callable[[Again], bool]) -> Iterator[Again]:
    """Those of a level that is needed for a comparison, where one of all has been run."""
    return islice(wanted, 0 if all(map(is_missing, wanted)) else NEEDED)


def candidates(below: LevelRuns, level: int) -> Iterator[Again]:
    """The runs to promote to this level, from those below; first those that every answer needs.

    The student alone, the default recipe and three leaders; then the best recipe of each smaller
    size with its student alone, the other baselines, and more leaders, up to a quarter of the
    recipes.
    """
    leaders = below.leaders.best(max(REPEATED_LEADERS, len(below.leaders) // FACTOR))
    if not leaders or below.first is None:
        return
    plain = list(without_teacher(leaders[:REPEATED_LEADERS], lambda *_: 0))
    first = below.first
    default = [first] if first.status == "complete" and not first.baseline else []
    others = [o for o in leaders if o.number != first.number]
    promoted = partial(Again, "promotion", level)
    yield promoted(plain[0], "alone")
    yield from map(promoted, default + others[:REPEATED_LEADERS])
    yield from (promoted(each, "alone") for each in plain[1:])
    for best in (best for _, within in below.small for best in within.best(1)):
        if best not in default + others[:REPEATED_LEADERS]:
            yield promoted(best)
            yield promoted(alone(best.pipeline), "alone")
    for kind in (k for k in BASELINES if k != "alone" and k in below.baselines):
        yield promoted(below.baselines[kind].pipeline, kind)
    yield from map(promoted, others[REPEATED_LEADERS:])


def learnable_rows(facts: StudyFacts) -> int:
    """Rows that a run of a study may learn from."""
    return (facts.train_rows or facts.rows or 0) + (facts.pool_rows or 0)


def room(closing_share: float) -> float:
    """Runs of the longest kind that a budget must hold, so that every leader is repeated."""
    if closing_share > MOST_REPEATS:
        return math.inf
    return max(ROOM, math.ceil(REPEATED / closing_share)) if closing_share else ROOM


def highest_level(facts: StudyFacts, budget: Budget, workers: int) -> int:
    """The level of the longest runs that this budget has room for.

    No run is longer than the full training; without a time budget none is promoted.
    """
    rows, epochs, each = facts.rows, facts.epochs, facts.trial_seconds
    if budget.seconds is None or not (rows and epochs and each):
        return 0
    held = 1.02 * budget.seconds * workers / each / room(budget.closing_share)
    every = learnable_rows(facts)
    longest = full_epochs(every) * every / (rows * epochs)
    return max(0, math.floor(math.log(max(1.0, min(held, longest)), FACTOR) + 1e-9))


def promotes(study: Study) -> bool:
    """Whether runs of this study are promoted: those of a search for the best score are."""
    return not (study.front or study.survey or study.students == "each")


def planned_runs(
    budget: Budget, trial_seconds: float, workers: int, top: int
) -> tuple[int, int, int]:
    """Number of runs that fit into a time budget; of promoted ones and of repeats among them."""
    seconds, share = budget.seconds or 0.0, budget.closing_share
    if not top:
        fitting, closing = runs_within(seconds, trial_seconds, workers, share)
        return fitting, 0, closing
    held = seconds * workers / trial_seconds / times_as_long(top)
    promoted, closing = round(PROMOTED_SHARE * held), int(share * held)
    left = seconds * (1 - PROMOTED_SHARE - share)
    return runs_within(left, trial_seconds, workers, 0.0)[0] + promoted + closing, promoted, closing
