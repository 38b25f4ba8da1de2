"""Relational distillation of distances and angles between rows.

Source   Park et al. 2019 (relational knowledge distillation), arXiv:1904.05068.
Idea     Compares the geometry of the rows of a batch, independent of location and scale.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    dimensionless: Huber loss of distances over their mean, and of cosines.
Differs  weights are relative: the angle term is multiplied by `angle` and added to the distance
         term (the source uses 50 and 25); angles among at most 64 rows.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import angles, relative_distances
from autodistill.registry.ranges import Real

MOST_ROWS = 64
"""Row limit of the angle term, whose cost is cubic in the rows."""


class RKD(FeatureLoss):
    """The distance loss plus `angle` times the angle loss."""

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
        """The loss of the batch."""
        return by_distance(student, teacher) + self.angle * by_angle(
            student[:MOST_ROWS], teacher[:MOST_ROWS]
        )


def by_distance(
    student: Float[Tensor, "batch student_width"], teacher: Float[Tensor, "batch teacher_width"]
) -> Float[Tensor, ""]:
    """Huber loss of distances, averaged over all pairs including i = j."""
    return F.huber_loss(relative_distances(student), relative_distances(teacher))


def by_angle(
    student: Float[Tensor, "batch student_width"], teacher: Float[Tensor, "batch teacher_width"]
) -> Float[Tensor, ""]:
    """Huber loss of angles, averaged over all triples, degenerate ones included."""
    return F.huber_loss(angles(student), angles(teacher))
