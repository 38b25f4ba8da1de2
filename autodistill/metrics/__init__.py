"""Metrics: one number for how well predictions agree with labels; higher is better, 1 is perfect."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray


class Metric(ABC):
    """The contract of this family."""

    @abstractmethod
    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """The value for these class indices."""
