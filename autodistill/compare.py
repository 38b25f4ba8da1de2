"""Who is best, and who cannot be told from the best: intervals over seeds and over selection rows.

The error of a mean score has two parts. Which rows were selected to judge by: a bootstrap that draws the same rows for all arms, so
that what is hard for everybody cancels in a difference. Which seed a run had: normal, with one spread pooled over all repeated arms.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autodistill.record import Arm, Selection, as_classes

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


class Comparison:
    """Arms judged on the same selection rows."""

    def __init__(self, arms: Sequence[Arm], score: Score, selection: Selection | None, *, seed: int = 0) -> None:
        draw = np.random.default_rng(seed)
        self.arms = tuple(arms)
        self.means = np.array([a.mean for a in arms])
        rows, self.teacher, teacher_rows = _row_noise(self.arms, score, selection, draw)
        self.teacher_noise = teacher_rows
        self.noise = rows + _seed_noise(self.arms, rows.std(axis=0).mean() if len(arms) else 0.0, draw)
        """Draws of the error of each mean: (resamples, arms)."""

    def interval(self, arm: int, level: float = LEVEL) -> Interval:
        """The mean of one arm; no score is above 1."""
        found = _interval(self.means[arm], self.noise[:, arm], level)
        return Interval(found.value, min(found.low, 1.0), min(found.high, 1.0))

    def gain(self, arm: int, over: int, level: float = LEVEL) -> Interval:
        """How much better one arm is than another one."""
        return _interval(self.means[arm] - self.means[over], self.noise[:, arm] - self.noise[:, over], level)

    def probably_better(self, arm: int, than: int) -> float:
        """Share of the draws in which `arm` is the better one."""
        return float((self.means[arm] - self.means[than] - (self.noise[:, arm] - self.noise[:, than]) > 0).mean())

    def gap_closed(self, arm: int, over: int, level: float = LEVEL) -> Interval | None:
        """(arm - over) / (teacher - over); None where the teacher is not clearly better than `over`."""
        if self.teacher is None or self.teacher_noise is None:
            return None
        gap = self.teacher - self.means[over] - (self.teacher_noise - self.noise[:, over])
        won = self.means[arm] - self.means[over] - (self.noise[:, arm] - self.noise[:, over])
        if np.quantile(gap, (1 - level) / 2) <= 0:
            return None
        value = (self.means[arm] - self.means[over]) / (self.teacher - self.means[over])
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
        return [int(i) for i in np.argsort(-means, kind="stable") if means.max() - means[i] <= np.quantile(others[i], level)]


def row_weights(rows: int, resamples: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """How often each row is drawn in each bootstrap resample: (resamples, rows)."""
    return draw.multinomial(rows, np.full(rows, 1 / rows), size=resamples).astype(np.float64)


def weighted_counts(
    guesses: NDArray[np.int64], labels: NDArray[np.int64], weights: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """A confusion matrix for each weighting of the rows (draws, rows): (draws, classes, classes), labels down, guesses across."""
    one = csr_array((np.ones(len(labels)), (labels * classes + guesses, np.arange(len(labels)))), shape=(classes**2, len(labels)))
    return np.asarray((one @ weights.T).T).reshape(-1, classes, classes)


def _interval(value: float, noise: NDArray[np.float64], level: float) -> Interval:
    """Basic bootstrap: the estimate less the quantiles of its error."""
    low, high = np.quantile(noise, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(value), float(value - high), float(value - low))


def _row_noise(
    arms: Sequence[Arm], score: Score, selection: Selection | None, draw: np.random.Generator
) -> tuple[NDArray[np.float64], float | None, NDArray[np.float64] | None]:
    """Errors of the means from the choice of rows (resamples, arms); the teacher's score on the rows, and its errors."""
    if selection is None or not all(a.guesses for a in arms):  # recorded without predictions: rows are drawn for each arm alone
        errors = np.array([np.sqrt(np.mean(np.square(a.row_errors))) if a.row_errors else 0.0 for a in arms])
        return draw.normal(size=(RESAMPLES, len(arms))) * errors, None, None
    labels = as_classes(selection.labels)
    many = [[as_classes(g) for g in a.guesses] for a in arms]
    teacher = [as_classes(selection.teacher)] if selection.teacher else []
    classes = int(max(x.max() for x in (labels, *teacher, *(g for runs in many for g in runs)))) + 1
    weights = np.vstack([np.ones(len(labels)), row_weights(len(labels), RESAMPLES, draw)])

    found = [np.mean([score(weighted_counts(g, labels, weights, classes)) for g in runs], axis=0) for runs in many]
    own = score(weighted_counts(teacher[0], labels, weights, classes)) if teacher else None
    noise = np.stack([f[1:] - f[0] for f in found], axis=1) if found else np.zeros((RESAMPLES, 0))
    noise += draw.normal(size=noise.shape) / len(labels)  # a score of 1 is not known better than to one row
    return noise, None if own is None else float(own[0]), None if own is None else own[1:] - own[0]


def _seed_noise(arms: Sequence[Arm], rows: float, draw: np.random.Generator) -> NDArray[np.float64]:
    """Errors of the means from the choice of seeds: (resamples, arms).

    The spread is drawn from what repeated arms showed and, weighing as much as `PRIOR_RUNS` repeats, a spread as large as the error
    from the rows: a spread seen twice is itself uncertain, and one seen never is not zero.
    """
    seen = sum(float(np.var(a.scores, ddof=1)) * (len(a.scores) - 1) for a in arms if len(a.scores) > 1)
    freedom = sum(len(a.scores) - 1 for a in arms)
    spread = np.sqrt((seen + PRIOR_RUNS * rows**2) / draw.chisquare(freedom + PRIOR_RUNS, RESAMPLES))
    return draw.normal(size=(RESAMPLES, len(arms))) * spread[:, None] / np.sqrt([len(a.scores) for a in arms])
