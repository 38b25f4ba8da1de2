"""Dice loss: overlap of predicted and true members of each class.

Source   Li et al. 2019, arXiv:1911.02855.
Idea     Built like F1: many easy rows of the common class do not outweigh the few of the rare one;
         alpha reduces the weight of rows that are already confident.
Inputs   student logits, class indices, batches of at least sixteen rows; for rare classes or tasks
         scored by F1.
Units    dimensionless, 0 (perfect) to 1, averaged over classes.
Differs  a mean over all classes; 1 - p is kept at 1e-7 or more, because the power has no gradient
         at 0.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import OneOf, Real


class Dice(HardLoss):
    """Mean over classes of one minus the Dice coefficient.

    1 - (2 sum w y + smooth) / (sum w² + sum y² + smooth) with w = (1 - p)^alpha p.
    """

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    fewest_rows = 16
    rare_classes_only = True

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.0, 1.0)] = 0.0,
        smooth: Annotated[float, OneOf(0.0001, 1.0)] = 1.0,
        squared: Annotated[bool, OneOf(True, False)] = True,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.smooth = smooth
        self.squared = squared

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss of the batch; `labels` are class indices."""
        p = F.softmax(student, dim=-1)
        member = F.one_hot(labels.long(), student.shape[1]).to(p)
        weight = (1 - p).clamp_min(1e-7) ** self.alpha * p
        power = 2 if self.squared else 1
        overlap = 2 * (weight * member).sum(0) + self.smooth
        return (1 - overlap / ((weight**power).sum(0) + member.sum(0) + self.smooth)).mean()
