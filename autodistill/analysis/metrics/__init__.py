"""Metrics: one number for how well predictions agree with labels; higher is better, 1 is perfect.

Every metric is a function of the confusion matrix, so that a bootstrap over thousands of resampled rows is one product of matrices.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Counts = Float[np.ndarray, "*many classes classes"]
"""Confusion matrices: rows are labels, columns are predictions; counts or shares."""


class Metric(ABC):
    """The contract of this family."""

    title: ClassVar[str] = ""
    """In a sentence; empty where that is the member's name."""
    ordinal: ClassVar[bool] = False
    """Classes are steps of a scale."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """The value for these class indices."""
        classes = int(max(predictions.max(), labels.max())) + 1
        counts = np.bincount(labels * classes + predictions, minlength=classes**2).reshape(
            classes, classes
        )
        return float(self.of_counts(counts.astype(np.float64)))

    def decide(self, logits: Float[np.ndarray, "rows classes"]) -> NDArray[np.int64]:
        """The class of each row that this metric is to judge: the first one, unless classes have an order."""
        return np.asarray(logits.argmax(1))

    @abstractmethod
    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """The value for each confusion matrix."""


def divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """A quotient that is 0 where it is not defined."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def class_f1(counts: Counts) -> Float[np.ndarray, "*many classes"]:
    """F1 of each class: 2 TP / (2 TP + FP + FN); 0 for one that is neither predicted nor there."""
    return divide(2 * np.einsum("...cc->...c", counts), counts.sum(-1) + counts.sum(-2))
