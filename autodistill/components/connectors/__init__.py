"""Connectors: maps from a student layer to the width of a teacher layer."""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.registry.slots import Slot

SLOT = Slot("connector", 60, "feature", "none", optional=True)


class Connector(nn.Module, ABC):
    """A map from student features to the teacher's width; one per pair of layers."""

    gathers: ClassVar[bool] = False
    """Whether it reads all tokens of a text, through `gather`."""

    @abstractmethod
    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the learned parts; raises ValueError for widths that it cannot join."""

    @abstractmethod
    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The student's features, as wide as the teacher's."""
