"""Layer norm, dropout and a linear map.

Source   Wang et al. 2023 (KD++), arXiv:2305.17007, the projector of the released code: batch norm,
         dropout, linear.
Idea     Features are normalised to one scale first; dropout keeps the map from relying on single
         units.
Inputs   student features of any width.
Units    those of the teacher's features.
Differs  layer norm, which does not mix the rows of a batch; less dropout.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.connectors import Connector
from autodistill.registry.ranges import OneOf


class NormLinear(Connector):
    """A layer norm, dropout, and a linear layer."""

    projection: nn.Sequential

    def __init__(self, *, dropout: Annotated[float, OneOf(0.0, 0.1, 0.5)] = 0.1) -> None:
        super().__init__()
        self.dropout = dropout

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the norm and the linear layer."""
        self.projection = nn.Sequential(
            nn.LayerNorm(student_width),
            nn.Dropout(self.dropout),
            nn.Linear(student_width, teacher_width),
        )

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The projected features, as wide as the teacher's."""
        projected: Tensor = self.projection(student)
        return projected
