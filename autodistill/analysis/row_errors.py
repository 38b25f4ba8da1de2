"""Errors of scores that come from the choice of rows: a bootstrap over the validation rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.resampling import Score, resampled_scores
from autodistill.study.results import Selection, TrialGroup, as_classes

RESAMPLES = 2000
MOST_PAIRED = 1000
"""Groups whose runs are compared two by two, for the spread before any is repeated."""
PARTS = 10


@dataclass(frozen=True)
class RowErrors:
    """Errors of the mean scores that come from the choice of rows."""

    noise: NDArray[np.float64]
    """Draws of the errors of the means: (resamples, groups)."""
    flips: NDArray[np.float64]
    """Variance of a run's score from rows that flip by chance, per group.

    Part of `noise`.
    """
    prior: float
    """Expected spread over seeds beyond `flips`, before any group is repeated.

    A standard deviation.
    """
    teacher: float | None = None
    """The teacher's score on the rows."""
    teacher_noise: NDArray[np.float64] | None = None
    fixed: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 1 + RESAMPLES)))
    """Scores of the fixed classifiers on all rows, then on every resample."""

    @classmethod
    def seen(
        cls,
        groups: Sequence[TrialGroup],
        score: Score,
        selection: Selection | None,
        draw: np.random.Generator,
        fixed: Sequence[bytes] = (),
    ) -> "RowErrors":
        """The errors estimated from predictions; without them, rows are drawn per group."""
        if selection is None or not groups or not all(a.predictions for a in groups):
            errors = np.array(
                [np.sqrt(np.mean(np.square(a.row_errors))) if a.row_errors else 0.0 for a in groups]
            )
            return cls(
                draw.normal(size=(RESAMPLES, len(groups))) * errors,
                np.zeros(len(groups)),
                float(errors.mean()) if len(groups) else 0.0,
            )
        labels = as_classes(selection.labels)
        runs = [as_classes(each, np.uint16) for group in groups for each in group.predictions]
        known = [as_classes(x, np.uint16) for x in (selection.teacher, *fixed) if x]
        scores = resampled_scores([*runs, *known], labels, score, RESAMPLES, draw)
        rest, errors = scores[len(runs) :].copy(), scores[: len(runs), 1:]
        errors -= scores[: len(runs), :1]
        ends = np.cumsum([len(group.predictions) for group in groups])
        single = np.split(errors, ends[:-1])
        firsts = errors[[0, *ends[: MOST_PAIRED - 1]][: len(groups)]]
        prior = float(np.sqrt(np.median(_half_variances(firsts))))
        noise = np.empty((RESAMPLES, len(groups)))
        for place, each in enumerate(single):
            noise[:, place] = each.mean(axis=0)
        for part in parts(noise):  # a score of 1 is not known better than to one row
            part += draw.normal(size=part.shape) / len(labels)
        flips = np.array(
            [each.var(axis=0, ddof=1).mean() if len(each) > 1 else 0.0 for each in single]
        )
        if not selection.teacher:
            return cls(noise, flips, prior, fixed=rest)
        teacher = float(rest[0, 0]), errors_of(rest)[0]
        return cls(noise, flips, prior, *teacher, fixed=rest[1:])


def errors_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Errors on resamples, from scores on all rows and then on resamples."""
    return np.asarray(scores[:, 1:] - scores[:, :1])


def _half_variances(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the variance of the difference of each two runs; of one run, its variance."""
    shared = np.atleast_2d(np.cov(errors, bias=True))
    if len(shared) == 1:
        return np.asarray(shared[0])
    own = np.diag(shared)
    apart = [(own[i] + own[i + 1 :]) / 2 - shared[i, i + 1 :] for i in range(len(own) - 1)]
    return np.asarray(np.maximum(np.concatenate(apart), 0.0))


def parts(draws: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The same draws, a few at a time: of thousands of groups all take much memory."""
    return np.array_split(draws, PARTS)
