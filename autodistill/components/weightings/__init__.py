"""Weightings: how much each row's logit loss counts.

A member gives a weight for each row of a batch, a constant for the gradient.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("weighting", 110, "stage", "none", needs=("logit",), bars=("mixup",))


class Weighting(ABC):
    """One way of telling rows apart."""

    needs: ClassVar[frozenset[str]] = frozenset({"logits"})
    """One that needs `pooled` is given the logits of a reference besides: see samplings.Known."""
    trades: ClassVar[bool] = False
    """What it takes from the logit loss of a row it gives to the row's cross-entropy, and it learns how from rows held out."""
    every: int = 0
    """Steps after which it learns."""
    held_out: float = 0.0
    """Share of the training rows that are kept from the student for it."""

    def begin(  # noqa: B027 - most know all that they need
        self, share: float, teacher: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> None:
        """Before the first step: the logit loss's share in the pipeline, and the rows of the training."""

    def learn(  # noqa: B027 - most have nothing to learn
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        gains: Float[Tensor, "batch"],
    ) -> None:
        """From by how much more the held-out loss falls, row by row, under the logit loss than under cross-entropy."""

    @abstractmethod
    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weights, none below zero; the student is detached by the caller."""
