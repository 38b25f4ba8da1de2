"""F1 of the class with index 1, for two classes."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from autodistill.metrics import Metric


class F1(Metric):
    """Harmonic mean of precision and recall of class 1."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """0 to 1; 0 when class 1 is neither predicted nor there."""
        return float(f1_score(labels, predictions, pos_label=1, zero_division=0))
