"""Matthews correlation between predictions and labels, for skewed classes."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import matthews_corrcoef

from autodistill.metrics import Metric


class Matthews(Metric):
    """Correlation of two classifications, any number of classes."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """-1 to 1; 0 is chance, and also when all predictions are one class."""
        return float(matthews_corrcoef(labels, predictions))
