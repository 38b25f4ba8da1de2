"""Rows that the teacher gets wrong are left to their labels.

Source   this project's own; the partition of data-partitioned distillation as in arXiv:2401.06356.
Idea     Where the teacher is wrong there is nothing to learn from it.
Inputs   the teacher's logits, labels as classes; two classes or more.
Units    0 or 1.
Differs  nothing.
"""

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.weightings import Weighting


class CorrectOnly(Weighting):
    """1 where the teacher is right, 0 where not."""

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The formula."""
        return (teacher.argmax(-1) == labels).to(teacher.dtype)
