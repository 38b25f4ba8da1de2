"""Mean of the F1 of every class, each class with the same weight."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from autodistill.metrics import Metric


class MacroF1(Metric):
    """Unweighted mean over the classes that are predicted or there."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """0 to 1."""
        return float(f1_score(labels, predictions, average="macro", zero_division=0))
