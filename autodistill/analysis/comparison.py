"""Comparison of trial groups: intervals over seeds and over validation rows.

The error of a mean score has two parts. The choice of validation rows: a bootstrap that draws the
same rows for all groups, so that rows hard for every group cancel in a difference. The choice of
seed: normal, with one spread pooled over all repeated groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.resampling import Score, resampled_scores
from autodistill.analysis.row_errors import RESAMPLES, RowErrors, errors_of, parts
from autodistill.analysis.seed_spread import LEVEL, PRIOR_RUNS, SeedSpread
from autodistill.study.results import Selection, TrialGroup


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


class Comparison:
    """Trial groups compared on the same validation rows."""

    def __init__(
        self,
        groups: Sequence[TrialGroup],
        score: Score,
        selection: Selection | None,
        *,
        fixed: Sequence[bytes] = (),
        seed: int = 0,
    ) -> None:
        """`fixed` are predictions of classifiers that no seed changes, as `as_bytes` packs them."""
        draw = np.random.default_rng(seed)
        self.groups = tuple(groups)
        self.means = np.array([a.mean for a in groups])
        seen = RowErrors.seen(self.groups, score, selection, draw, fixed)
        self.teacher, self.teacher_noise = seen.teacher, seen.teacher_noise
        self.fixed = seen.fixed
        self.noise = seen.noise
        """Draws of the error of each mean: (resamples, groups)."""
        _add_seed_noise(self.noise, self.groups, seen, draw)
        self.spread = SeedSpread.pooled((a.scores for a in groups), seen.prior)
        """The spread of a single run's score over seeds, on these rows."""

    def interval(self, group: int, level: float = LEVEL) -> Interval:
        """The interval of one group's mean; no score is above 1."""
        return _score_interval(self.means[group], self.noise[:, group], level)

    def teacher_interval(self, level: float = LEVEL) -> Interval | None:
        """The teacher's own score; None where its predictions were not kept."""
        if self.teacher is None or self.teacher_noise is None:
            return None
        return _score_interval(self.teacher, self.teacher_noise, level)

    def fixed_interval(self, place: int, level: float = LEVEL) -> Interval:
        """The score of a classifier that no seed changes."""
        return _score_interval(self.fixed[place, 0], errors_of(self.fixed)[place], level)

    def gain_over_fixed(
        self, group: int, place: int, level: float = LEVEL, *, best_of: Sequence[int] = ()
    ) -> Interval:
        """The gain of a group over such a classifier; `best_of` as in `gain`."""
        return _interval(
            self.means[group] - self.fixed[place, 0],
            self._picked(group, best_of) - errors_of(self.fixed)[place],
            level,
        )

    def gain(
        self, group: int, over: int, level: float = LEVEL, *, best_of: Sequence[int] = ()
    ) -> Interval:
        """The gain of one group over another, with its interval.

        `best_of` are the groups that `group` was picked from for having the highest mean.
        """
        return _interval(
            self.means[group] - self.means[over],
            self._picked(group, best_of) - self.noise[:, over],
            level,
        )

    def probably_better(self, group: int, than: int, *, best_of: Sequence[int] = ()) -> float:
        """Share of the draws in which `group` is better than `than`."""
        return float(
            (
                self.means[group]
                - self.means[than]
                - (self._picked(group, best_of) - self.noise[:, than])
                > 0
            ).mean()
        )

    def _picked(self, group: int, best_of: Sequence[int]) -> NDArray[np.float64]:
        """Errors of a mean that was the highest of several.

        They are those of the luckiest group, for nothing says that the groups differ.
        """
        if len(best_of) < 2:
            return self.noise[:, group]
        return np.concatenate([part[:, list(best_of)].max(axis=1) for part in parts(self.noise)])

    def gap_closed(self, group: int, over: int, level: float = LEVEL) -> Interval | None:
        """(group - over) / (teacher - over), with its interval.

        None where the teacher is not clearly better than `over`.
        """
        if self.teacher is None or self.teacher_noise is None:
            return None
        gap = self.teacher - self.means[over] - (self.teacher_noise - self.noise[:, over])
        won = self.means[group] - self.means[over] - (self.noise[:, group] - self.noise[:, over])
        if np.quantile(gap, (1 - level) / 2) <= 0:
            return None
        value = (self.means[group] - self.means[over]) / (self.teacher - self.means[over])
        low, high = np.quantile(won / gap, [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(value), float(low), float(high))

    def ties(self, level: float = LEVEL, among: int | None = None) -> list[int]:
        """Places of the groups tied with the best of the first `among`, best first.

        Tied are groups that cannot be distinguished from the best. The true best of these groups is
        among the ties in `level` of all studies; one outside these groups is lost before.

        Subset selection (Gupta 1965, Technometrics 7, 225-245) with drawn instead of normal errors:
        a group stays while the best mean leads it by no more than the luckiest of all groups would
        lead the true best one.
        """
        means, noise = self.means[:among], self.noise[:, :among]
        if len(means) < 2:
            return list(range(len(means)))
        order = np.concatenate([np.sort(part, axis=1)[:, -2:] for part in parts(noise)])
        next_one, luckiest = order.T

        def lead(own: NDArray[np.float64]) -> NDArray[np.float64]:
            """Lead of the luckiest other group over this one, in each draw."""
            return np.asarray(np.where(own == luckiest, next_one, luckiest) - own)

        return [
            int(i)
            for i in np.argsort(-means, kind="stable")
            if means.max() - means[i] <= np.quantile(lead(noise[:, i]), level)
        ]


def interval_of(
    predictions: NDArray[np.int64], labels: NDArray[np.int64], score: Score, *, seed: int = 0
) -> Interval:
    """The score of one trained student, with its interval over the choice of rows."""
    draw = np.random.default_rng(seed)
    scores = resampled_scores([predictions], labels, score, RESAMPLES, draw)
    noise = errors_of(scores)[0] + draw.normal(size=RESAMPLES) / len(labels)
    return _score_interval(scores[0, 0], noise, LEVEL)


def difference_of(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    labels: NDArray[np.int64],
    score: Score,
    *,
    seed: int = 0,
) -> Interval:
    """The score of one classifier less that of another, over the choice of the same rows."""
    draw = np.random.default_rng(seed)
    scores = resampled_scores([first, second], labels, score, RESAMPLES, draw)
    errors = errors_of(scores)
    return _interval(scores[0, 0] - scores[1, 0], errors[0] - errors[1], LEVEL)


def _interval(value: float, noise: NDArray[np.float64], level: float) -> Interval:
    """Basic bootstrap: the estimate less the quantiles of its error."""
    low, high = np.quantile(noise, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(value - high), float(value - low))


def _score_interval(value: float, noise: NDArray[np.float64], level: float) -> Interval:
    """The interval of a score, of which none is above 1."""
    found = _interval(value, noise, level)
    return Interval(found.value, min(found.low, 1.0), min(found.high, 1.0))


def _add_seed_noise(
    noise: NDArray[np.float64],
    groups: Sequence[TrialGroup],
    rows: RowErrors,
    draw: np.random.Generator,
) -> None:
    """Add errors of the means from the choice of seeds: (resamples, groups).

    They come on top of the rows that flip by chance.

    The spread is drawn from the repeated groups and, weighted like `PRIOR_RUNS` repeats, from a
    spread as large as the difference between two runs on the rows: a spread estimated from two runs
    is itself uncertain, and one never measured is not zero.
    """
    many = [
        (float(np.var(a.scores, ddof=1)) - flips, len(a.scores) - 1)
        for a, flips in zip(groups, rows.flips)
        if len(a.scores) > 1
    ]
    seen, freedom = sum(more * runs for more, runs in many), sum(runs for _, runs in many)
    spread = np.sqrt(
        (max(0.0, seen) + PRIOR_RUNS * rows.prior**2)
        / draw.chisquare(freedom + PRIOR_RUNS, RESAMPLES)
    )
    runs = np.sqrt([len(a.scores) for a in groups])
    for part, each in zip(parts(noise), parts(spread)):
        part += draw.normal(size=part.shape) * each[:, None] / runs
