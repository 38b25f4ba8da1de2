"""What a study showed: who leads, who ties, whether distillation helps, what to recommend."""

from dataclasses import dataclass

from autodistill.analysis.comparison import Comparison, Interval, Score
from autodistill.study.results import StudyResult, TrialGroup, cheapness

PROBABLE, GUESS = 0.9, 0.75
"""Chances of a gain: from the one on distillation probably helps; from the other on, though not shown to help, it is the better guess."""


@dataclass(frozen=True)
class Gain:
    """What distillation won over the same student trained without a teacher."""

    baseline: TrialGroup
    interval: Interval
    chance: float
    """That the gain is above zero."""
    gap_closed: Interval | None
    """Share of the distance from the control to the teacher."""

    @property
    def finding(self) -> str:
        """helps | probably | perhaps | no | hurts; with the last two the student alone is recommended."""
        if self.interval.low > 0:
            return "helps"
        if self.interval.high < 0:
            return "hurts"
        return (
            "probably" if self.chance >= PROBABLE else "perhaps" if self.chance >= GUESS else "no"
        )


@dataclass(frozen=True)
class Verdict:
    """The answer of a study."""

    leaders: tuple[tuple[TrialGroup, Interval], ...]
    """Repeated pipelines (all complete ones where none was repeated), best mean first."""
    ties: tuple[TrialGroup, ...]
    """Leaders that cannot be told from the best, the cheapest first."""
    recommended: TrialGroup
    score: Interval
    gain: Gain | None
    """Of the cheapest tie; None before a control is complete."""
    teacher_matters: Interval | None
    """Vanilla distillation from the teacher less the same from a random one."""
    baselines: tuple[tuple[TrialGroup, Interval], ...] = ()
    """Best mean first."""
    teacher: Interval | None = None
    """Its score on the validation rows; None where its predictions were not kept."""


def judge(record: StudyResult, score: Score) -> Verdict:
    """Form the tie group and pick its cheapest member, or the control when that is the better guess.

    `score` turns confusion matrices into values. The record needs one complete run at least.
    """
    whole = record.leaders()
    repeated = [a for a in whole if a.is_repeated]
    leaders = sorted(repeated or whole, key=lambda a: -a.mean)
    baselines = record.baselines()
    groups = [*leaders, *baselines]
    seen = Comparison(groups, score, record.selection)
    ties = sorted(
        (leaders[i] for i in seen.ties(among=len(leaders))), key=lambda a: (*cheapness(a), -a.mean)
    )
    best = ties[0]
    equals = [a for a in ties if cheapness(a) == cheapness(best)]
    gain = _gain(seen, best, baselines, equals)
    recommended = gain.baseline if gain and gain.finding in ("no", "hurts") else best
    return Verdict(
        tuple((a, seen.interval(i)) for i, a in enumerate(leaders)),
        tuple(ties),
        recommended,
        seen.interval(groups.index(recommended)),
        gain,
        _teacher_matters(seen, record),
        tuple(
            sorted(
                ((a, seen.interval(groups.index(a))) for a in baselines), key=lambda b: -b[0].mean
            )
        ),
        seen.teacher_interval(),
    )


def _gain(
    seen: Comparison, group: TrialGroup, baselines: list[TrialGroup], equals: list[TrialGroup]
) -> Gain | None:
    """Over the best control of the same student; the same optimiser alone would flatter a recipe whose rate suits it.

    `controls` are best first, one run of luck discounted; `equals` are as cheap as `arm`, which was picked from them for its mean.
    """
    same = [
        c
        for c in baselines
        if c.baseline == "alone" and c.pipeline.student == group.pipeline.student
    ]
    if not same:
        return None
    i, j = seen.groups.index(group), seen.groups.index(same[0])
    among = [seen.groups.index(a) for a in equals]
    return Gain(
        same[0],
        seen.gain(i, j, best_of=among),
        seen.probably_better(i, j, best_of=among),
        seen.gap_closed(i, j),
    )


def _teacher_matters(seen: Comparison, record: StudyResult) -> Interval | None:
    taught, misled = record.baselines("vanilla"), record.baselines("random")
    return (
        seen.gain(seen.groups.index(taught[0]), seen.groups.index(misled[0]))
        if taught and misled
        else None
    )
