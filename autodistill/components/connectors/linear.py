"""A learned linear map to the teacher's width.

Source   Romero et al. 2014, arXiv:1412.6550, the regressor of section 2.2; a matrix with bias in
         place of a convolution.
Idea     Layers of different widths can be compared once one of them is projected; the map is
         discarded after training.
Inputs   student features of any width.
Units    those of the teacher's features.
Differs  always on the student's side, whichever network is wider.
"""

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.connectors import Connector


class Linear(Connector):
    """A matrix and a bias, trained with the student."""

    projection: nn.Linear

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the linear map."""
        self.projection = nn.Linear(student_width, teacher_width)

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The projected features, as wide as the teacher's."""
        projected: Tensor = self.projection(student)
        return projected
