"""The student's features, unchanged.

Source   none needed.
Idea     Layers of equal width can be compared directly; all gradients reach the student.
Inputs   student features as wide as the teacher's.
Units    those of the features.
Differs  no deviation from the source.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.connectors import Connector


class Identity(Connector):
    """The identity map."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Check the widths; raises ValueError when they differ."""
        if student_width != teacher_width:
            raise ValueError(
                f"connector 'identity' cannot join a student layer of width {student_width} to a "
                f"teacher layer of width {teacher_width}; use 'linear'."
            )

    def forward(self, student: Float[Tensor, "*rows width"]) -> Float[Tensor, "*rows width"]:
        """The same tensor."""
        return student
