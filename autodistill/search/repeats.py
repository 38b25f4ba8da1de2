"""Selection of the pipelines to repeat with fresh seeds at the end of a budget."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from heapq import merge
from itertools import islice
from statistics import fmean

from autodistill.study.baselines import alone
from autodistill.study.lengths import REPEATED_LEADERS
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial

JUDGED_ANEW = 2
"""Fresh seeds after which a leader's place depends on them.

With fewer it keeps its place, otherwise repeats scatter over many pipelines.
"""
Place = tuple[float, int, int, str]
"""Sort key of a pipeline: its negative score, seed and arrival of its first run, its key."""


class Leaders:
    """The pipelines to repeat, best first; runs may be added.

    All are compared by the score of a first run. That of a pipeline with enough fresh seeds is
    replaced by the expected score of such a leader's first run: the mean of its fresh seeds and the
    luck that the first runs of leaders had on average.
    """

    def __init__(self, runs: Iterable[Trial] = ()) -> None:
        self.first: dict[str, Trial] = {}
        """The complete run of the lowest seed, by the pipeline's key."""
        self.scores: dict[str, list[tuple[int, int, float]]] = {}
        """Seed, arrival and score of all complete runs, the same way."""
        self.fresh: dict[str, float] = {}
        """The mean of the fresh seeds, of pipelines that have enough of them."""
        self.ranked: list[Place] = []
        """All others, in order."""
        self.arrived = 0
        for run in runs:
            self.add(run)

    def add(self, run: Trial) -> None:
        """One more run; one that is no result of a recipe changes nothing."""
        if run.status != "complete" or run.score is None or run.baseline:
            return
        key, own = run.pipeline.key, self.scores.setdefault(run.pipeline.key, [])
        if own and key not in self.fresh:
            del self.ranked[bisect_left(self.ranked, self._place(key))]
        self.arrived += 1
        insort(own, (run.seed, self.arrived, run.score))
        if own[0][1] == self.arrived:
            self.first[key] = run
        if len(own) > JUDGED_ANEW:
            self.fresh[key] = fmean(score for *_, score in own[1:])
        else:
            insort(self.ranked, self._place(key))

    def best(self, most: int = REPEATED_LEADERS) -> list[Trial]:
        """The first complete runs of the leading pipelines."""
        fresh = self.fresh.items()
        luck = fmean(self.scores[key][0][2] - mean for key, mean in fresh) if fresh else 0.0
        judged = sorted(self._place(key, mean + luck) for key, mean in fresh)
        return [self.first[key] for *_, key in islice(merge(self.ranked, judged), most)]

    def __len__(self) -> int:
        """The number of pipelines."""
        return len(self.first)

    def _place(self, key: str, expected: float | None = None) -> Place:
        seed, arrival, score = self.scores[key][0]
        return -(score if expected is None else expected), seed, arrival, key


def next_repeat(
    leading: Leaders,
    runs: Callable[[str, str], int],
    fits: Callable[[Pipeline], bool] = lambda _: True,
) -> Trial | Pipeline | None:
    """The leader with the fewest runs, or its student without a teacher.

    The latter comes first where it has fewer runs; None while nothing leads.
    `runs` counts those of a pipeline, by its key, as a baseline of this name. Leaders that do not
    fit into the time left are passed over, unless none does.
    """
    best = leading.best()
    if not best:
        return None
    leaders = [o for o in best if fits(o.pipeline)] or best
    least = min(leaders, key=lambda o: runs(o.pipeline.key, o.baseline))
    fewest = runs(least.pipeline.key, least.baseline)
    without = (p for p in without_teacher(leaders, runs) if runs(p.key, "alone") < fewest)
    return next(without, least)


def without_teacher(
    leaders: Sequence[Trial], runs: Callable[[str, str], int]
) -> Iterable[Pipeline]:
    """One student alone for each student of the leaders, with the views that it has there.

    It is that of the best of them, or one that is being repeated already.
    """
    found: dict[tuple[str, ...], Pipeline] = {}
    for plain in (alone(o.pipeline) for o in leaders):
        like = str(plain.student), *map(str, plain.stages.values())
        begun = found.setdefault(like, plain)
        if runs(begun.key, "alone") < 2 <= runs(plain.key, "alone"):
            found[like] = plain
    return found.values()
