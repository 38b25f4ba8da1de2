"""Metrics: agreement of predictions with labels; higher is better, 1 is perfect.

Every metric is a function of the confusion matrix, so that a bootstrap over thousands of
resampled rows is one product of matrices.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from autodistill.analysis.resampling import Margins, weighted_counts, weighted_margins

Counts = Float[np.ndarray, "*many classes classes"]
"""Confusion matrices: rows are labels, columns are predictions; counts or shares."""
MOST_CELLS = 4_000_000
"""Cells of confusion matrices that are in memory at once: 32 MB."""
MANY_CLASSES = 64
"""Classes above which a matrix is larger than what its margins take."""


class Metric(ABC):
    """Contract of this family."""

    title: ClassVar[str] = ""
    """In a sentence; empty where that is the member's name."""
    ordinal: ClassVar[bool] = False
    """Whether classes are steps of a scale."""

    def __call__(self, predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
        """The value for these class indices."""
        return float(self.of_rows(predictions, labels, np.ones((1, len(labels))))[0])

    def decide(self, logits: Float[np.ndarray, "rows classes"]) -> NDArray[np.int64]:
        """Predicted class of each row: the arg max, unless classes have an order."""
        return np.asarray(logits.argmax(1))

    @abstractmethod
    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """The value for each confusion matrix."""

    def of_rows(
        self,
        predictions: NDArray[np.int64],
        labels: NDArray[np.int64],
        weights: Float[np.ndarray, "draws rows"],
    ) -> Float[np.ndarray, "draws"]:
        """The value for each set of weights of the rows; a few matrices at a time."""
        classes = int(max(predictions.max(), labels.max())) + 1
        return np.concatenate(
            [
                self.of_counts(weighted_counts(predictions, labels, w, classes))
                for w in _parts(weights, classes**2)
            ]
        )


class MarginMetric(Metric):
    """A metric that sums of the confusion matrix suffice for.

    Its memory grows with the classes, not with their square.
    """

    @abstractmethod
    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """The value for the margins of each confusion matrix."""

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """The value for each confusion matrix."""
        return self.of_margins(Margins.of(counts))

    def of_rows(
        self,
        predictions: NDArray[np.int64],
        labels: NDArray[np.int64],
        weights: Float[np.ndarray, "draws rows"],
    ) -> Float[np.ndarray, "draws"]:
        """The same without a matrix where there are many classes."""
        classes = int(max(predictions.max(), labels.max())) + 1
        if classes <= MANY_CLASSES:
            return super().of_rows(predictions, labels, weights)
        return np.concatenate(
            [
                self.of_margins(weighted_margins(predictions, labels, w, classes))
                for w in _parts(weights, classes)
            ]
        )


def _parts(
    weights: Float[np.ndarray, "draws rows"], cells: int
) -> Iterator[Float[np.ndarray, "some rows"]]:
    """The draws in parts that fit the memory, where each draw needs so many cells."""
    step = max(1, MOST_CELLS // cells)
    return (weights[i : i + step] for i in range(0, len(weights), step))


def divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """A quotient that is 0 where it is not defined."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def class_f1(margins: Margins) -> Float[np.ndarray, "*many classes"]:
    """F1 of each class: 2 TP / (2 TP + FP + FN).

    0 for a class that is neither predicted nor present.
    """
    return divide(2 * margins.hits, margins.true + margins.predicted)
