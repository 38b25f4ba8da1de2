"""What a study showed: who leads, who ties, whether distillation helps, what to recommend."""

from dataclasses import dataclass

from autodistill.compare import Comparison, Interval, Score
from autodistill.record import Arm, Record, cheapness

PROBABLE = 0.9
"""Chance of a gain from which on a recipe is preferred to the student alone although its interval reaches below zero."""


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
        """helps | probably | no | hurts."""
        if self.interval.low > 0:
            return "helps"
        if self.interval.high < 0:
            return "hurts"
        return "probably" if self.chance >= PROBABLE else "no"


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
    """Form the tie group and pick its cheapest member, or the control when distillation was not shown to help.

    `score` turns confusion matrices into values. The record needs one complete run at least.
    """
    whole = record.leaders()
    repeated = [a for a in whole if a.is_repeated]
    leaders = sorted(repeated or whole, key=lambda a: -a.mean)
    controls = record.controls()
    arms = [*leaders, *controls]
    seen = Comparison(arms, score, record.selection)
    ties = sorted((leaders[i] for i in seen.ties(among=len(leaders))), key=lambda a: (*cheapness(a), -a.mean))
    best = ties[0]
    gain = _gain(seen, best, controls)
    recommended = gain.control if gain and gain.finding in ("no", "hurts") else best
    return Verdict(
        tuple((a, seen.interval(i)) for i, a in enumerate(leaders)),
        tuple(ties),
        recommended,
        seen.interval(arms.index(recommended)),
        gain,
        _teacher_matters(seen, record),
    )


def _gain(seen: Comparison, arm: Arm, controls: list[Arm]) -> Gain | None:
    """Over the best control of the same student; the same optimiser alone would flatter a recipe whose rate suits it.

    `controls` are best first, one run of luck discounted.
    """
    same = [c for c in controls if c.control == "alone" and c.pipeline.student == arm.pipeline.student]
    if not same:
        return None
    i, j = seen.arms.index(arm), seen.arms.index(same[0])
    return Gain(same[0], seen.gain(i, j), seen.probably_better(i, j), seen.gap_closed(i, j))


def _teacher_matters(seen: Comparison, record: Record) -> Interval | None:
    taught, misled = record.controls("vanilla"), record.controls("random")
    return seen.gain(seen.arms.index(taught[0]), seen.arms.index(misled[0])) if taught and misled else None
