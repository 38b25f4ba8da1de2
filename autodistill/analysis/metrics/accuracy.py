"""Share of rows whose class is predicted correctly."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from autodistill.analysis.metrics import MarginMetric
from autodistill.analysis.resampling import Margins


class Accuracy(MarginMetric):
    """Correct rows over all rows, 0 to 1."""

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """Trace over sum."""
        return np.asarray(margins.hits.sum(-1) / margins.true.sum(-1))

    def of_runs(
        self,
        runs: NDArray[np.int64],
        labels: NDArray[np.int64],
        weights: Float[np.ndarray, "draws rows"],
    ) -> Float[np.ndarray, "runs draws"]:
        """The values of many runs, whose predictions stand in rows: one product of matrices."""
        hits = (runs == labels).astype(np.float64)
        return np.asarray(hits @ weights.T / weights.sum(1))
