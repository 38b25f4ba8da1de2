"""What a study showed: who leads, who ties, whether distillation helps, what to recommend."""

from dataclasses import dataclass

from autodistill.analysis.comparison import Comparison, Interval, Score
from autodistill.study.results import Arm, Record, cheapness

PROBABLE, GUESS = 0.9, 0.75
"""Chances of a gain: from the one on distillation probably helps; from the other on, though not shown to help, it is the better guess."""


@dataclass(frozen=True)
class Gain:
    """What distillation won over the same student trained without a teacher."""

    control: Arm
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

    leaders: tuple[tuple[Arm, Interval], ...]
    """Repeated pipelines (all complete ones where none was repeated), best mean first."""
    ties: tuple[Arm, ...]
    """Leaders that cannot be told from the best, the cheapest first."""
    recommended: Arm
    score: Interval
    gain: Gain | None
    """Of the cheapest tie; None before a control is complete."""
    teacher_matters: Interval | None
    """Vanilla distillation from the teacher less the same from a random one."""


def judge(record: Record, score: Score) -> Verdict:
    """Form the tie group and pick its cheapest member, or the control when that is the better guess.

    `score` turns confusion matrices into values. The record needs one complete run at least.
    """
    whole = record.leaders()
    repeated = [a for a in whole if a.is_repeated]
    leaders = sorted(repeated or whole, key=lambda a: -a.mean)
    controls = record.controls()
    arms = [*leaders, *controls]
    seen = Comparison(arms, score, record.selection)
    ties = sorted(
        (leaders[i] for i in seen.ties(among=len(leaders))), key=lambda a: (*cheapness(a), -a.mean)
    )
    best = ties[0]
    equals = [a for a in ties if cheapness(a) == cheapness(best)]
    gain = _gain(seen, best, controls, equals)
    recommended = gain.control if gain and gain.finding in ("no", "hurts") else best
    return Verdict(
        tuple((a, seen.interval(i)) for i, a in enumerate(leaders)),
        tuple(ties),
        recommended,
        seen.interval(arms.index(recommended)),
        gain,
        _teacher_matters(seen, record),
    )


def _gain(seen: Comparison, arm: Arm, controls: list[Arm], equals: list[Arm]) -> Gain | None:
    """Over the best control of the same student; the same optimiser alone would flatter a recipe whose rate suits it.

    `controls` are best first, one run of luck discounted; `equals` are as cheap as `arm`, which was picked from them for its mean.
    """
    same = [
        c for c in controls if c.control == "alone" and c.pipeline.student == arm.pipeline.student
    ]
    if not same:
        return None
    i, j = seen.arms.index(arm), seen.arms.index(same[0])
    among = [seen.arms.index(a) for a in equals]
    return Gain(
        same[0],
        seen.gain(i, j, best_of=among),
        seen.probably_better(i, j, best_of=among),
        seen.gap_closed(i, j),
    )


def _teacher_matters(seen: Comparison, record: Record) -> Interval | None:
    taught, misled = record.controls("vanilla"), record.controls("random")
    return (
        seen.gain(seen.arms.index(taught[0]), seen.arms.index(misled[0]))
        if taught and misled
        else None
    )
