"""Targets: what the teacher is made to say before the student hears it.

A member changes the teacher's logits row by row, knowing the labels; every loss then takes them as if the teacher had said so.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("target", 100, "stage", "none", needs=("logit",), bars=("mixup",))
"""A mixed row has no label to revise towards."""


class Target(ABC):
    """One way of correcting a teacher."""

    corrects: ClassVar[bool] = True
    """Makes the label the first class of more rows."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """`pooled`: is shown the teacher's mean states before the first step, by `see`."""
    for_privacy: ClassVar[bool] = False
    """Trades score for privacy, by the share of personal words of each row, which it is given besides."""

    def begin(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:  # noqa: B027 - most need nothing
        """Before the first step: the teacher's answers to the rows of the training."""

    @abstractmethod
    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The logits that stand in for the teacher's; of the same width and dtype."""
