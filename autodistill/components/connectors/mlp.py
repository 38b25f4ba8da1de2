"""A two-layer perceptron to the teacher's width.

Source   Chen et al. 2020 (SimCLR), arXiv:2002.05709, the projection head; common in distillation
         since.
Idea     The loss's target need not be a linear function of the student's features, so the student
         keeps what it needs.
Inputs   student features of any width.
Units    those of the teacher's features.
Differs  on the student's side only; the hidden layer is as wide as the teacher.
"""

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.connectors import Connector


class MLP(Connector):
    """A linear layer, ReLU, and a linear layer."""

    projection: nn.Sequential

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the two linear layers."""
        self.projection = nn.Sequential(
            nn.Linear(student_width, teacher_width),
            nn.ReLU(),
            nn.Linear(teacher_width, teacher_width),
        )

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The projected features, as wide as the teacher's."""
        projected: Tensor = self.projection(student)
        return projected
