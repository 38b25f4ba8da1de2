"""The gain of distillation over the same student trained alone, and what is to be said of it."""

from dataclasses import dataclass

from autodistill.analysis.comparison import Interval
from autodistill.analysis.elsewhere import Elsewhere
from autodistill.study.results import TrialGroup

PROBABLE, GUESS = 0.9, 0.75
"""Chances of a gain above which distillation probably or perhaps helps.

From PROBABLE on it probably helps; from GUESS on it is the better bet, though not proven. What was
gained elsewhere makes it the better bet from PROBABLE on.
"""


@dataclass(frozen=True)
class Gain:
    """Gain of distillation over the same student trained without a teacher."""

    baseline: TrialGroup
    interval: Interval
    chance: float
    """Probability that the gain is above zero."""
    gap_closed: Interval | None
    """Share of the distance from the baseline to the teacher."""
    is_matched: bool = True
    """Whether a student alone with the same views and steps is complete."""
    elsewhere: Elsewhere | None = None
    """The gains of such students on other datasets; None where this study is unlike them."""

    @property
    def chance_with_others(self) -> float:
        """Probability that the gain is above zero, given what was gained elsewhere, too."""
        if self.elsewhere is None:
            return self.chance
        return self.elsewhere.chance(self.interval.value, self.interval.low, self.interval.high)

    @property
    def finding(self) -> str:
        """helps | probably | perhaps | elsewhere | unmatched | no | hurts.

        elsewhere: not likely enough by what was seen here, but with what such students gained
        elsewhere. unmatched: the recipe is better, but it had views or steps that the
        student alone had not, so that its teacher may have added nothing. With the last two the
        student alone is recommended.
        """
        if self.interval.high < 0:
            return "hurts"
        if not self.is_matched and self.chance >= GUESS:
            return "unmatched"
        if self.interval.low > 0:
            return "helps"
        if self.chance >= GUESS:
            return "probably" if self.chance >= PROBABLE else "perhaps"
        return "elsewhere" if self.chance_with_others >= PROBABLE else "no"
