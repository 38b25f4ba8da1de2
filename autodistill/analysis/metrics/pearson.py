"""Pearson correlation of values on a scale: for labels that are numbers.

Source   Pearson 1895; of the STS benchmark: Cer et al. 2017, arXiv:1708.00055.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import softmax

from autodistill.analysis.metrics import Counts, Metric, divide


class Pearson(Metric):
    """-1 to 1; classes stand for equal steps of the scale. 0 where either side is always the same."""

    title = "Pearson correlation"
    ordinal = True

    def decide(self, logits: Float[np.ndarray, "rows classes"]) -> NDArray[np.int64]:
        """The class nearest to the expected place on the scale."""
        expected = softmax(logits.astype(np.float64), axis=1) @ np.arange(logits.shape[1])
        found: NDArray[np.int64] = np.rint(expected).astype(np.int64)
        return found

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """Covariance over the root of the product of the variances."""
        place = np.arange(counts.shape[-1], dtype=np.float64)
        share = counts / counts.sum((-1, -2), keepdims=True)
        true, guessed = share.sum(-1), share.sum(-2)
        means = true @ place, guessed @ place
        shared = np.einsum("...ij,i,j->...", share, place, place) - means[0] * means[1]
        spread = (true @ place**2 - means[0] ** 2) * (guessed @ place**2 - means[1] ** 2)
        return np.clip(divide(shared, np.sqrt(np.maximum(spread, 0.0))), -1.0, 1.0)
