"""Distances and angles between rows.

Source   Park et al. 2019 (relational knowledge distillation), arXiv:1904.05068.
Idea     The shape that the rows of a batch make is compared, wherever it lies and however large it is.
Inputs   pooled features of one layer of each network, of any widths; two rows or more, better 16.
Units    none: Huber loss of distances over their mean, and of cosines.
Differs  weights are relative: `angle` times the angles beside the distances (the source has 25 and 50); angles among 64 rows at most.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import angles, relative_distances
from autodistill.registry.ranges import Real

MOST_ROWS = 64
"""For angles, of which there are as many as the cube of the rows."""


class RKD(FeatureLoss):
    """Distances, and `angle` times angles."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    fewest_rows = 16

    def __init__(self, *, angle: Annotated[float, Real(0.5, 4.0)] = 2.0) -> None:
        super().__init__()
        self.angle = angle

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The formula."""
        return by_distance(student, teacher) + self.angle * by_angle(
            student[:MOST_ROWS], teacher[:MOST_ROWS]
        )


def by_distance(
    student: Float[Tensor, "batch student_width"], teacher: Float[Tensor, "batch teacher_width"]
) -> Float[Tensor, ""]:
    """The mean over all pairs, those of a row with itself included."""
    return F.huber_loss(relative_distances(student), relative_distances(teacher))


def by_angle(
    student: Float[Tensor, "batch student_width"], teacher: Float[Tensor, "batch teacher_width"]
) -> Float[Tensor, ""]:
    """The mean over all triples, degenerate ones included."""
    return F.huber_loss(angles(student), angles(teacher))
