"""Who is best, and who cannot be told from the best: intervals over seeds and over selection rows.

The error of a mean score has two parts. Which rows were selected to judge by: a bootstrap that draws the same rows for all arms, so
that what is hard for everybody cancels in a difference. Which seed a run had: normal, with one spread pooled over all repeated arms.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import binomtest

from autodistill.study.results import Selection, TrialGroup, as_classes

Score = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Confusion matrices (..., classes, classes) to values (...): Metric.of_counts."""
RESAMPLES = 2000
LEVEL = 0.95
PRIOR_RUNS = 4


@dataclass(frozen=True)
class Interval:
    """A number with the ends of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int, float]:
    """Rows that only the first gets right, rows that only the second does, and the exact two-sided chance of so uneven a split.

    Source: McNemar 1947, by the binomial distribution. No such rows: 1.
    """
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    return one, other, float(binomtest(one, one + other).pvalue) if one + other else 1.0


class Comparison:
    """Arms judged on the same selection rows."""

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
        """Draws of the error of each mean: (resamples, arms)."""

    def interval(self, group: int, level: float = LEVEL) -> Interval:
        """The mean of one arm; no score is above 1."""
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
        """How much better one arm is than another one; `best_of` are the arms that it was picked from for its mean."""
        return _interval(
            self.means[group] - self.means[over],
            self._picked(group, best_of) - self.noise[:, over],
            level,
        )

    def probably_better(self, group: int, than: int, *, best_of: Sequence[int] = ()) -> float:
        """Share of the draws in which `arm` is the better one."""
        return float(
            (
                self.means[group]
                - self.means[than]
                - (self._picked(group, best_of) - self.noise[:, than])
                > 0
            ).mean()
        )

    def _picked(self, group: int, best_of: Sequence[int]) -> NDArray[np.float64]:
        """Errors of a mean that was the highest of several: the luckiest one's, for nothing says that they differ."""
        return np.asarray(
            self.noise[:, list(best_of)].max(axis=1) if len(best_of) > 1 else self.noise[:, group]
        )

    def gap_closed(self, group: int, over: int, level: float = LEVEL) -> Interval | None:
        """(arm - over) / (teacher - over); None where the teacher is not clearly better than `over`."""
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
        """Places of the arms that cannot be told from the best of the first `among`, best first; the true best of these arms is one of
        them in `level` of all studies; one that is not among the arms is lost before.

        Subset selection (Gupta 1965, Technometrics 7, 225-245) with drawn instead of normal errors: an arm stays while the best
        mean leads it by no more than the luckiest of all arms would lead the true best one.
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


def row_weights(rows: int, resamples: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """How often each row is drawn in each bootstrap resample: (resamples, rows)."""
    return draw.multinomial(rows, np.full(rows, 1 / rows), size=resamples).astype(np.float64)


def weighted_counts(
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    classes: int,
) -> NDArray[np.float64]:
    """A confusion matrix for each weighting of the rows (draws, rows): (draws, classes, classes), labels down, guesses across."""
    one = csr_array(
        (np.ones(len(labels)), (labels * classes + predictions, np.arange(len(labels)))),
        shape=(classes**2, len(labels)),
    )
    return np.asarray((one @ weights.T).T).reshape(-1, classes, classes)


def _interval(value: float, noise: NDArray[np.float64], level: float) -> Interval:
    """Basic bootstrap: the estimate less the quantiles of its error."""
    low, high = np.quantile(noise, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(value - high), float(value - low))


@dataclass(frozen=True)
class _Rows:
    """What the choice of rows does to the means."""

    noise: NDArray[np.float64]
    """Draws of the errors of the means: (resamples, arms)."""
    flips: NDArray[np.float64]
    """Variance of one run's score from rows on which runs of the same arm differ by chance, one per arm; part of `noise`."""
    prior: float
    """What to expect of the spread over seeds beyond that, before any arm was repeated; a standard deviation."""
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
        """From predictions; without them rows are drawn for each arm alone."""
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
    """Errors of the means from the choice of seeds, beyond rows that flip by chance: (resamples, arms).

    The spread is drawn from what repeated arms showed and, weighing as much as `PRIOR_RUNS` repeats, a spread as large as what sets two
    runs apart on the rows: a spread seen twice is itself uncertain, and one seen never is not zero.
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
