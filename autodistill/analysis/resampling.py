"""Paired tests and resampled rows: the arithmetic under a comparison."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import bdtr

Score = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], NDArray[np.float64]]
"""Predictions, labels and weights (draws, rows) to a value for each draw: Metric.of_rows."""
MOST_RUNS = 256
"""Runs that are scored together."""
MOST_WEIGHTS = 4_000_000
"""Weights of rows that are in memory at once: 32 MB."""


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int, float]:
    """McNemar's test on two vectors of correct rows.

    Returns the rows that only the first gets right, those that only the second does, and the exact
    two-sided chance of so uneven a split.

    Source: McNemar 1947, by the binomial distribution. Without such rows the chance is 1.
    """
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    return one, other, min(1.0, 2 * float(bdtr(min(one, other), one + other, 0.5)))


def row_weights(rows: int, resamples: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """Count of each row in each bootstrap resample: (resamples, rows).

    In memory row by row of the dataset, as sparse products read it: three times as fast.
    """
    counts = draw.multinomial(rows, np.full(rows, 1 / rows), size=resamples)
    return counts.astype(np.float64, order="F")


def resampled_scores(
    runs: Sequence[NDArray[np.integer]],
    labels: NDArray[np.int64],
    score: Score,
    resamples: int,
    draw: np.random.Generator,
) -> NDArray[np.float64]:
    """Score of each run on all rows, then on every resample: (runs, 1 + resamples).

    All runs are scored on the same resamples, which are drawn a few at a time.
    """
    rows = len(labels)
    step = max(1, MOST_WEIGHTS // rows)
    found = np.empty((len(runs), 1 + resamples))
    _score(found[:, :1], runs, labels, score, np.ones((1, rows)))
    for begin in range(1, 1 + resamples, step):
        weights = row_weights(rows, min(step, 1 + resamples - begin), draw)
        _score(found[:, begin : begin + step], runs, labels, score, weights)
    return found


def _score(
    found: NDArray[np.float64],
    runs: Sequence[NDArray[np.integer]],
    labels: NDArray[np.int64],
    score: Score,
    weights: NDArray[np.float64],
) -> None:
    """Score of each run on each draw: together where the metric can, else one after the other."""
    together = getattr(getattr(score, "__self__", None), "of_runs", None)
    step = MOST_RUNS if together else 1
    for begin in range(0, len(runs), step):
        part = np.stack(runs[begin : begin + step]).astype(np.int64)
        found[begin : begin + step] = (together or score)(
            part if together else part[0], labels, weights
        )


def weighted_counts(
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    classes: int,
) -> NDArray[np.float64]:
    """Confusion matrices for weighted rows: (draws, classes, classes).

    `weights` is (draws, rows); labels run down, predictions across.
    """
    cells = _by_group(labels * classes + predictions, weights, classes**2)
    return cells.reshape(-1, classes, classes)


@dataclass(frozen=True)
class Margins:
    """Sums of confusion matrices that most metrics are functions of."""

    hits: NDArray[np.float64]
    """Rows of each class that are predicted to be of it: (*many, classes)."""
    true: NDArray[np.float64]
    """Rows of each class."""
    predicted: NDArray[np.float64]
    """Rows predicted to be of each class."""
    products: NDArray[np.float64]
    """Sum over all rows of label times prediction, both as numbers: (*many,)."""

    @classmethod
    def of(cls, counts: NDArray[np.float64]) -> "Margins":
        """The margins of whole matrices (*many, classes, classes)."""
        place = np.arange(counts.shape[-1], dtype=np.float64)
        return cls(
            np.einsum("...cc->...c", counts),
            counts.sum(-1),
            counts.sum(-2),
            np.asarray(counts @ place @ place),
        )


def weighted_margins(
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    classes: int,
) -> Margins:
    """The margins of `weighted_counts`, without the matrices."""
    hits = predictions == labels
    return Margins(
        _by_group(labels[hits], weights[:, hits], classes),
        _by_group(labels, weights, classes),
        _by_group(predictions, weights, classes),
        weights @ (labels * predictions).astype(np.float64),
    )


def _by_group(
    groups: NDArray[np.int64], weights: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Sums of the weights of each group of rows: (draws, count)."""
    one = csr_array(
        (np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(count, len(groups))
    )
    return np.asarray((one @ weights.T).T)
