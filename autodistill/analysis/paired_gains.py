"""Gain of each recipe over the same student trained without a teacher."""

from dataclasses import dataclass

from autodistill.analysis.comparison import Comparison, Interval
from autodistill.analysis.resampling import Score
from autodistill.analysis.verdict import Verdict, students_alone
from autodistill.study.results import StudyResult, TrialGroup

MOST = 24
"""Recipes that are compared at most, the best ones."""


@dataclass(frozen=True)
class PairedGain:
    """The score of a recipe less that of its student alone, on the same rows."""

    recipe: TrialGroup
    baseline: TrialGroup
    interval: Interval
    is_recommended: bool

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval.low > 0 or self.interval.high < 0


def paired_gains(record: StudyResult, verdict: Verdict, score: Score) -> tuple[PairedGain, ...]:
    """The gains of the best recipes whose student was also trained alone, best recipe first.

    That of the recipe which the verdict is about is the verdict's own: it was picked for its mean,
    and its interval allows for that.
    """
    alone = record.baselines("alone")
    best = verdict.ties[0]
    kept: list[tuple[TrialGroup, TrialGroup]] = []
    for group in record.leaders():
        if len(kept) < MOST or group.numbers == best.numbers:
            kept += [(group, own) for own in students_alone(group.pipeline, alone)[:1]]
    if not kept:
        return ()
    groups = list({g.numbers: g for pair in kept for g in pair}.values())
    place = {g.numbers: i for i, g in enumerate(groups)}
    seen = Comparison(groups, score, record.selection)
    found = []
    for recipe, baseline in kept:
        is_best = recipe.numbers == best.numbers and verdict.gain is not None
        own = verdict.gain.interval if is_best and verdict.gain else None
        interval = own or seen.gain(place[recipe.numbers], place[baseline.numbers])
        chosen = recipe.numbers == verdict.recommended.numbers
        found.append(PairedGain(recipe, baseline, interval, chosen))
    return tuple(found)
