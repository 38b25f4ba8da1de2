"""A hidden layer between the widths.

Source   Chen et al. 2020 (SimCLR), arXiv:2002.05709, the projection head; used so in distillation since.
Idea     What the loss asks for need not be linear in what the student has; the student keeps what it needs.
Inputs   student features of any width.
Units    those of the teacher's features.
Differs  on the student's side only; as wide as the teacher in between.
"""

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.connectors import Connector


class MLP(Connector):
    """Linear, ReLU, linear."""

    projection: nn.Sequential

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the two matrices."""
        self.projection = nn.Sequential(
            nn.Linear(student_width, teacher_width),
            nn.ReLU(),
            nn.Linear(teacher_width, teacher_width),
        )

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """The projected features."""
        projected: Tensor = self.projection(student)
        return projected
