"""Samplings: which rows a training visits when.

A member picks the rows of the next few batches. A training makes as many steps with one as without: rows that are left out leave their
visits to the others.
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
    """What is known of the rows before the first step."""

    labels: Int[ndarray, "rows"]
    teacher: Float[ndarray, "rows classes"]
    """Logits."""
    reference: Float[ndarray, "rows classes"] | None = None
    """Logits of a small model: a linear map of the teacher's mean word embedding to its logits. None unless asked for."""

    @property
    def teacher_loss(self) -> Float[ndarray, "rows"]:
        """Cross-entropy of the teacher with the labels, in nats."""
        return cross_entropy(self.teacher, self.labels)

    @property
    def teacher_right(self) -> Bool[ndarray, "rows"]:
        """Where the teacher's first class is the label."""
        found: Bool[ndarray, "rows"] = self.teacher.argmax(1) == self.labels
        return found


class Sampling(ABC):
    """One way of choosing rows."""

    needs: ClassVar[frozenset[str]] = frozenset({"logits"})
    """A subset of logits, pooled (for a reference)."""
    listens: ClassVar[bool] = False
    """Hears of every batch how the student did."""

    known: Known
    dealt: Int[ndarray, "rows"]
    """How often each row was dealt."""

    def begin(self, known: Known) -> None:
        """Before the first step."""
        self.known = known
        self.dealt = np.zeros(len(known.labels), dtype=np.int64)

    @abstractmethod
    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """Places of the next so many rows, at this share of all visits."""

    def hear(  # noqa: B027 - most have nothing to hear
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """The student's cross-entropy on these rows in nats, and whether it was right."""

    def deal(
        self, among: Int[ndarray, "some"], count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """So many of these rows, or of all if there are none: those dealt least so far, and the same again where there are too few."""
        among = among if len(among) else np.arange(len(self.dealt))
        found = np.resize(among[np.lexsort((random.random(len(among)), self.dealt[among]))], count)
        np.add.at(self.dealt, found, 1)
        return found


def cross_entropy(
    logits: Float[ndarray, "rows classes"], labels: Int[ndarray, "rows"]
) -> Float[ndarray, "rows"]:
    """Row by row, in nats."""
    found: Float[ndarray, "rows"] = -log_softmax(logits.astype(np.float64), axis=1)[
        np.arange(len(labels)), labels
    ]
    return found
