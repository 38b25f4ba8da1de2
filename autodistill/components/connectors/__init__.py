"""Connectors: what brings a student layer to the width of a teacher layer."""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.registry.slots import Slot

SLOT = Slot("connector", 60, "feature", "none", optional=True)


class Connector(nn.Module, ABC):
    """Maps student features to the teacher's width; one instance for each matched pair of layers."""

    gathers: ClassVar[bool] = False
    """Reads all tokens of a text, by `gather`."""

    @abstractmethod
    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the learned parts for these widths; raises ValueError when it cannot join them."""

    @abstractmethod
    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The student's features as wide as the teacher's."""
