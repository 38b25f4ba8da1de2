"""Matthews correlation between predictions and labels, for skewed classes.

Source   Gorodkin 2004, Computational Biology and Chemistry 28, 367-374, for any number of classes.
"""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import Counts, Metric, divide


class Matthews(Metric):
    """Correlation of two classifications, -1 to 1; 0 is chance, and also when all predictions are one class."""

    title = "Matthews correlation"

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """Covariance of labels and predictions over the root of the product of their variances."""
        total, true, guessed = counts.sum((-1, -2)), counts.sum(-1), counts.sum(-2)
        shared = np.einsum("...cc->...", counts) * total - (true * guessed).sum(-1)
        spread = np.sqrt((total**2 - (true**2).sum(-1)) * (total**2 - (guessed**2).sum(-1)))
        return np.clip(divide(shared, spread), -1.0, 1.0)
