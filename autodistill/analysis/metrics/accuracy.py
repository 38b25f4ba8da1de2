"""Share of rows whose class is predicted correctly."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import Counts, Metric


class Accuracy(Metric):
    """Correct rows over all rows, 0 to 1."""

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """Trace over sum."""
        return np.asarray(np.einsum("...cc->...", counts) / counts.sum((-1, -2)))
