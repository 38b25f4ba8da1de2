"""Weightings: how much each row's logit loss counts.

A member gives a weight for each row of a batch, a constant for the gradient.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor


class Weighting(ABC):
    """One way of telling rows apart."""

    needs: ClassVar[frozenset[str]] = frozenset({"logits"})
    """One that needs `pooled` is given the logits of a reference besides: see samplings.Known."""

    @abstractmethod
    def weights(
        self, student: Float[Tensor, "batch classes"], teacher: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch"]:
        """The weights, none below zero; the student is detached by the caller."""
