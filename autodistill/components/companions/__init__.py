"""Companions: networks that are trained beside the student and teach it, and are thrown away with the loss."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.registry.slots import Slot

SLOT = Slot("companion", 150, "stage", "none", bars=("mixup",))
"""Its networks read the rows themselves, which mixed rows have not."""

Ask = Callable[[Any], Tensor]
"""A network's logits on the batch."""


class Companion(nn.Module, ABC):
    """A term of the loss that needs other networks of the student's kind; `weight` is in it."""

    @abstractmethod
    def begin(self, student: nn.Module) -> None:
        """Make them, before the first step."""

    @abstractmethod
    def loss(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], ask: Ask
    ) -> Float[Tensor, ""]:
        """The term, of the student's logits."""

    def after_step(self, student: nn.Module) -> None:
        """When the student has moved."""
