"""Gains of distillation on other datasets, where few rows had labels and many more had none.

Source   `python -m benchmarks unlabelled` (benchmarks/README.md).
Idea     A dataset is one of many. Its gain is thought to lie about the mean of theirs, as they lie
         about it, before it is seen; what is seen is weighed against that by precision (normal
         prior and likelihood: Gelman et al. 2013, Bayesian Data Analysis, eq. 2.12).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

from autodistill.analysis.seed_spread import NORMAL
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult

GAINS = {
    "static": (0.074, 0.025, 0.057, 0.093, 0.068, 0.072, -0.010),
    "slim": (0.058, 0.048, 0.033, 0.024, 0.085, 0.094, 0.017),
    "cut": (-0.002, 0.012, 0.020, 0.001, 0.062, 0.027, 0.045),
}
"""Gains of accuracy over the same student alone, on the held-out test, by kind of student."""
MOST_LABELLED, LEAST_RATIO = 1000, 5
"""Training rows at most, and unlabelled rows for each at least; those measured had 80 to 616, and 6
to 50.
"""
NARROWEST = 1e-9
"""Width that an interval counts as at least, so that a point has a finite weight."""


@dataclass(frozen=True)
class Elsewhere:
    """Gains of one kind of student, one for each dataset."""

    gains: tuple[float, ...]

    def __str__(self) -> str:
        ends = f"{min(self.gains):+.3f} to {max(self.gains):+.3f}"
        return f"{fmean(self.gains):+.3f} on average ({ends} on {len(self.gains)} datasets)"

    def chance(self, value: float, low: float, high: float) -> float:
        """Probability of a gain here, whose estimate has this 95 % interval."""
        mean, count = fmean(self.gains), len(self.gains)
        spread = stdev(self.gains) * math.sqrt(1 + 1 / count)
        prior, seen = spread**-2, (max(high - low, NARROWEST) / (2 * NORMAL)) ** -2
        expected = (prior * mean + seen * value) / (prior + seen)
        return float(NormalDist().cdf(expected * math.sqrt(prior + seen)))


def gained_elsewhere(record: StudyResult, pipeline: Pipeline, alone: float) -> Elsewhere | None:
    """The gains of such a student elsewhere; None where none was measured in such a study.

    `alone` is the score of the student alone: a teacher that is not better has nothing to give.
    """
    facts = record.facts
    rows, unlabelled = facts.train_rows or 0, facts.pool_rows or 0
    few = 0 < rows <= MOST_LABELLED and unlabelled >= LEAST_RATIO * rows
    better = facts.teacher_score is None or facts.teacher_score > alone
    learns = "transfer" in pipeline.stages and record.study.metric == "accuracy"
    known = GAINS.get(pipeline.student.name)
    return Elsewhere(known) if known and few and better and learns else None
