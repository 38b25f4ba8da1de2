"""Selection of the pipelines to repeat with fresh seeds at the end of a budget."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from autodistill.study.baselines import alone
from autodistill.study.lengths import REPEATED_LEADERS
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial

JUDGED_ANEW = 2
"""Fresh seeds after which a leader's place depends on them.

With fewer it keeps its place, otherwise repeats scatter over many pipelines.
"""


def leading(outcomes: Sequence[Trial], most: int = REPEATED_LEADERS) -> list[Trial]:
    """The first complete runs of the pipelines to repeat, best first.

    All are compared by the score of a first run. That of a pipeline with enough fresh seeds is
    replaced by the expected score of such a leader's first run: the mean of its fresh seeds and the
    luck that the first runs of leaders had on average.
    """
    runs: dict[str, list[Trial]] = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda o: o.seed):
        if outcome.status == "complete" and outcome.score is not None and not outcome.baseline:
            runs[outcome.pipeline.key].append(outcome)
    first = {key: _scores(own)[0] for key, own in runs.items()}
    fresh = {key: fmean(_scores(own)[1:]) for key, own in runs.items() if len(own) > JUDGED_ANEW}
    luck = fmean(first[key] - mean for key, mean in fresh.items()) if fresh else 0.0
    expected = first | {key: mean + luck for key, mean in fresh.items()}
    return [runs[key][0] for key in sorted(runs, key=lambda key: -expected[key])[:most]]


def next_repeat(
    outcomes: Sequence[Trial], runs: Callable[[str, str], int]
) -> Trial | Pipeline | None:
    """The leader with the fewest runs, or its student without a teacher.

    The latter comes first where it has fewer runs; None while nothing leads.
    `runs` counts those of a pipeline, by its key, as a baseline of this name.
    """
    leaders = leading(outcomes)
    if not leaders:
        return None
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


def _scores(runs: Sequence[Trial]) -> list[float]:
    return [o.score for o in runs if o.score is not None]
