"""Targets: what the teacher is made to say before the student hears it.

A member changes the teacher's logits row by row, knowing the labels; every loss then takes them as if the teacher had said so.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor


class Target(ABC):
    """One way of correcting a teacher."""

    for_privacy: ClassVar[bool] = False
    """Trades score for privacy, by the share of personal words of each row, which it is given besides."""

    @abstractmethod
    def revise(self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]) -> Float[Tensor, "batch classes"]:
        """The logits that stand in for the teacher's; of the same width and dtype."""
