"""Share of rows whose class is right."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score

from autodistill.metrics import Metric


class Accuracy(Metric):
    """Right rows over all rows."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """A fraction, 0 to 1."""
        return float(accuracy_score(labels, predictions))
