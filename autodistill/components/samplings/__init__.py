"""Samplings: which rows a training visits, and when.

A member selects the rows of the next few batches. A training has the same number of steps with and
without a sampling: visits of omitted rows go to the others.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import log_softmax

from autodistill.registry.slots import Slot

SLOT = Slot("sampling", 130, "stage", "none")


@dataclass(frozen=True)
class Known:
    """Information about the rows that is available before the first step."""

    labels: Int[ndarray, "rows"]
    teacher: Float[ndarray, "rows classes"]
    """The teacher's logits."""
    reference: Float[ndarray, "rows classes"] | None = None
    """Logits of a small reference model; None unless a member needs it.

    The model is a linear map from the teacher's mean word embedding to its logits.
    """

    @property
    def teacher_loss(self) -> Float[ndarray, "rows"]:
        """Cross-entropy of the teacher with the labels, in nats, per row."""
        return cross_entropy(self.teacher, self.labels)

    @property
    def teacher_right(self) -> Bool[ndarray, "rows"]:
        """Per row, whether the teacher predicts the label."""
        found: Bool[ndarray, "rows"] = self.teacher.argmax(1) == self.labels
        return found


class Sampling(ABC):
    """A rule that selects rows."""

    needs: ClassVar[frozenset[str]] = frozenset({"logits"})
    """Required signals: a subset of logits, pooled (for a reference)."""
    listens: ClassVar[bool] = False
    """Whether it receives the student's results on every batch, through `hear`."""

    fewest_classes: ClassVar[int] = 2

    known: Known
    dealt: Int[ndarray, "rows"]
    """Number of visits of each row so far."""

    def begin(self, known: Known) -> None:
        """Receive the known information about the rows, before the first step."""
        self.known = known
        self.dealt = np.zeros(len(known.labels), dtype=np.int64)

    @abstractmethod
    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """Indices of the next `count` rows.

        `progress`: share of all visits made so far, 0 to 1.
        """

    def hear(  # noqa: B027 - most ignore results
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """Receive the student's cross-entropy (nats) and correctness on these rows."""

    def deal(
        self, among: Int[ndarray, "some"], count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """Select `count` of these rows, those visited least so far first.

        Rows repeat where there are too few; an empty `among` means all rows.
        """
        among = among if len(among) else np.arange(len(self.dealt))
        found = np.resize(among[np.lexsort((random.random(len(among)), self.dealt[among]))], count)
        np.add.at(self.dealt, found, 1)
        return found


def cross_entropy(
    logits: Float[ndarray, "rows classes"], labels: Int[ndarray, "rows"]
) -> Float[ndarray, "rows"]:
    """Cross-entropy of each row, in nats."""
    found: Float[ndarray, "rows"] = -log_softmax(logits.astype(np.float64), axis=1)[
        np.arange(len(labels)), labels
    ]
    return found
