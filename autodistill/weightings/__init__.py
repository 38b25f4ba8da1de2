"""Weightings: how much each row's logit loss counts.

A member gives a weight for each row of a batch, a constant for the gradient.
"""

from abc import ABC, abstractmethod

from jaxtyping import Float, Int
from torch import Tensor


class Weighting(ABC):
    """One way of telling rows apart."""

    @abstractmethod
    def weights(
        self, student: Float[Tensor, "batch classes"], teacher: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch"]:
        """The weights, none below zero; the student is detached by the caller."""
