"""Pearson correlation of values on a scale: for labels that are numbers.

Source   Pearson 1895; used by the STS benchmark: Cer et al. 2017, arXiv:1708.00055.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import softmax

from autodistill.analysis.metrics import MarginMetric, divide
from autodistill.analysis.resampling import Margins


class Pearson(MarginMetric):
    """Correlation of values on the scale, -1 to 1; classes stand for equal steps.

    0 where predictions or labels are all the same.
    """

    title = "Pearson correlation"
    ordinal = True

    def decide(self, logits: Float[np.ndarray, "rows classes"]) -> NDArray[np.int64]:
        """The class nearest to the expected value on the scale."""
        expected = softmax(logits.astype(np.float64), axis=1) @ np.arange(logits.shape[1])
        found: NDArray[np.int64] = np.rint(expected).astype(np.int64)
        return found

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """Covariance over the root of the product of the variances."""
        place = np.arange(margins.true.shape[-1], dtype=np.float64)
        total = margins.true.sum(-1)
        true, guessed = margins.true / total[..., None], margins.predicted / total[..., None]
        means = true @ place, guessed @ place
        shared = margins.products / total - means[0] * means[1]
        spread = (true @ place**2 - means[0] ** 2) * (guessed @ place**2 - means[1] ** 2)
        return np.clip(divide(shared, np.sqrt(np.maximum(spread, 0.0))), -1.0, 1.0)
