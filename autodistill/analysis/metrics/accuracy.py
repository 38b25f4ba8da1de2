"""Share of rows whose class is predicted correctly."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import MarginMetric
from autodistill.analysis.resampling import Margins


class Accuracy(MarginMetric):
    """Correct rows over all rows, 0 to 1."""

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """Trace over sum."""
        return np.asarray(margins.hits.sum(-1) / margins.true.sum(-1))
