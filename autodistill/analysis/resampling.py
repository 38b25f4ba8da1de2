"""Paired tests and resampled rows: the arithmetic under a comparison."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import binomtest


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int, float]:
    """McNemar's test on two vectors of correct rows.

    Returns the rows that only the first gets right, those that only the second does, and the exact
    two-sided chance of so uneven a split.

    Source: McNemar 1947, by the binomial distribution. Without such rows the chance is 1.
    """
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    return one, other, float(binomtest(one, one + other).pvalue) if one + other else 1.0


def row_weights(rows: int, resamples: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """Count of each row in each bootstrap resample: (resamples, rows)."""
    return draw.multinomial(rows, np.full(rows, 1 / rows), size=resamples).astype(np.float64)


def weighted_counts(
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    classes: int,
) -> NDArray[np.float64]:
    """Confusion matrices for weighted rows: (draws, classes, classes).

    `weights` is (draws, rows); labels run down, predictions across.
    """
    one = csr_array(
        (np.ones(len(labels)), (labels * classes + predictions, np.arange(len(labels)))),
        shape=(classes**2, len(labels)),
    )
    return np.asarray((one @ weights.T).T).reshape(-1, classes, classes)
