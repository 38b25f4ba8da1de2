"""Comparison of trial groups: intervals over seeds and over validation rows.

The error of a mean score has two parts. The choice of validation rows: a bootstrap that draws the
same rows for all groups, so that rows hard for every group cancel in a difference. The choice of
seed: normal, with one spread pooled over all repeated groups.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.resampling import row_weights, weighted_counts
from autodistill.study.results import Selection, TrialGroup, as_classes

Score = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Confusion matrices (..., classes, classes) to values (...): Metric.of_counts."""
RESAMPLES = 2000
LEVEL = 0.95
PRIOR_RUNS = 4


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
        seed: int = 0,
    ) -> None:
        draw = np.random.default_rng(seed)
        self.groups = tuple(groups)
        self.means = np.array([a.mean for a in groups])
        seen = _Rows.seen(self.groups, score, selection, draw)
        self.teacher, self.teacher_noise = seen.teacher, seen.teacher_noise
        self.noise = seen.noise + _seed_noise(self.groups, seen, draw)
        """Draws of the error of each mean: (resamples, groups)."""

    def interval(self, group: int, level: float = LEVEL) -> Interval:
        """The interval of one group's mean; no score is above 1."""
        found = _interval(self.means[group], self.noise[:, group], level)
        return Interval(found.value, min(found.low, 1.0), min(found.high, 1.0))

    def teacher_interval(self, level: float = LEVEL) -> Interval | None:
        """The teacher's own score; None where its predictions were not kept."""
        if self.teacher is None or self.teacher_noise is None:
            return None
        found = _interval(self.teacher, self.teacher_noise, level)
        return Interval(found.value, min(found.low, 1.0), min(found.high, 1.0))

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
        return np.asarray(
            self.noise[:, list(best_of)].max(axis=1) if len(best_of) > 1 else self.noise[:, group]
        )

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
        others = [np.delete(noise, i, axis=1).max(axis=1) - noise[:, i] for i in range(len(means))]
        return [
            int(i)
            for i in np.argsort(-means, kind="stable")
            if means.max() - means[i] <= np.quantile(others[i], level)
        ]


def _interval(value: float, noise: NDArray[np.float64], level: float) -> Interval:
    """Basic bootstrap: the estimate less the quantiles of its error."""
    low, high = np.quantile(noise, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(value - high), float(value - low))


@dataclass(frozen=True)
class _Rows:
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

    @classmethod
    def seen(
        cls,
        groups: Sequence[TrialGroup],
        score: Score,
        selection: Selection | None,
        draw: np.random.Generator,
    ) -> "_Rows":
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
        many = [[as_classes(g) for g in a.predictions] for a in groups]
        teacher = [as_classes(selection.teacher)] if selection.teacher else []
        classes = (
            int(max(x.max() for x in (labels, *teacher, *(g for runs in many for g in runs)))) + 1
        )
        weights = np.vstack([np.ones(len(labels)), row_weights(len(labels), RESAMPLES, draw)])

        def errors_of(predictions: NDArray[np.int64]) -> NDArray[np.float64]:
            found = score(weighted_counts(predictions, labels, weights, classes))
            return np.asarray(found[1:] - found[0])

        single = [np.stack([errors_of(g) for g in runs]) for runs in many]
        noise = np.stack([runs.mean(axis=0) for runs in single], axis=1)
        noise += draw.normal(size=noise.shape) / len(
            labels
        )  # a score of 1 is not known better than to one row
        flips = np.array(
            [runs.var(axis=0, ddof=1).mean() if len(runs) > 1 else 0.0 for runs in single]
        )
        firsts = np.stack([runs[0] for runs in single])
        apart = [float(np.var(a - b)) / 2 for a, b in combinations(firsts, 2)] or [
            float(np.var(firsts[0]))
        ]
        own = score(weighted_counts(teacher[0], labels, weights, classes)) if teacher else None
        told = (None, None) if own is None else (float(own[0]), own[1:] - own[0])
        return cls(noise, flips, float(np.sqrt(np.median(apart))), *told)


def _seed_noise(
    groups: Sequence[TrialGroup], rows: _Rows, draw: np.random.Generator
) -> NDArray[np.float64]:
    """Errors of the means from the choice of seeds: (resamples, groups).

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
    return np.asarray(
        draw.normal(size=(RESAMPLES, len(groups)))
        * spread[:, None]
        / np.sqrt([len(a.scores) for a in groups])
    )
