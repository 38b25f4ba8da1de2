"""Rows that the teacher misclassifies are left to their labels.

Source   this project's own; the partition of data-partitioned distillation as in arXiv:2401.06356.
Idea     Where the teacher is wrong there is nothing to learn from it.
Inputs   the teacher's logits, class indices; at least two classes.
Units    0 or 1.
Differs  no deviation from the source.
"""

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.weightings import Weighting


class CorrectOnly(Weighting):
    """1 where the teacher is correct, 0 elsewhere."""

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weight of each row."""
        return (teacher.argmax(-1) == labels).to(teacher.dtype)
