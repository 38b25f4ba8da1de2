"""Leaves features as they are.

Source   none needed.
Idea     Layers of equal width can be compared directly; every gradient goes into the student.
Inputs   student features as wide as the teacher's.
Units    those of the features.
Differs  in nothing.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.connectors import Connector


class Identity(Connector):
    """The features themselves."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Check the widths; raises ValueError when they differ."""
        if student_width != teacher_width:
            raise ValueError(
                f"connector 'identity' cannot join a student layer of width {student_width} to a teacher layer of width "
                f"{teacher_width}; use 'linear'."
            )

    def forward(self, student: Float[Tensor, "*rows width"]) -> Float[Tensor, "*rows width"]:
        """The same tensor."""
        return student
