"""Companions: networks trained beside the student, which they also teach.

They are discarded after training.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.registry.slots import Slot

SLOT = Slot("companion", 150, "stage", "none", bars=("mixup",))
"""Its networks read the rows themselves, which mixed rows have not."""

Ask = Callable[[Any], Tensor]
"""A function that returns a network's logits on the batch."""


class Companion(nn.Module, ABC):
    """A loss term from additional networks of the student's kind.

    Its value already includes `weight`.
    """

    @abstractmethod
    def begin(self, student: nn.Module) -> None:
        """Create the companion networks from the student, before the first step."""

    @abstractmethod
    def loss(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], ask: Ask
    ) -> Float[Tensor, ""]:
        """The weighted loss term, given the student's logits."""

    def after_step(self, student: nn.Module) -> None:
        """Update the companions after a step of the student."""
