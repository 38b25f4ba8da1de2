"""Log-cosh regression of the teacher's logits from a second head.

Source   Yang et al. 2024 (DHKD), arXiv:2411.08937; their binary divergence in closed form.
Idea     A loss on logits and one on probabilities pull one linear head in conflicting directions:
         the teacher's logits get a head of their own, which shares the layers below and is dropped
         after training.
Inputs   logits of the second head and of the teacher; at least two classes; a hard loss on the
         student's own head.
Units    squared logits for small errors (an eighth of them), temperature times logits for large
         ones; summed over classes, averaged over the batch.
Differs  T² log cosh(error / 2T), which is T² KL(1/2 || sigmoid(error / T)) without the clamp of the
         released code, under which errors above 18 T have no gradient; a linear head; gradients are
         aligned with those of all other terms together.
"""

import math
from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.registry.ranges import OneOf, Real


class LogCosh(RowLoss):
    """Sum over classes of T² log cosh((student - teacher) / 2T)."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    head = "last"
    sees_rows = False

    def __init__(
        self,
        *,
        temperature: Annotated[float, Real(1.0, 4.0, log=True)] = 2.0,
        align: Annotated[bool, OneOf(False, True)] = False,
    ) -> None:
        super().__init__()
        self.temperature = temperature
        self.align = align

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        half = (student - teacher).abs() / (2 * self.temperature)
        return self.temperature**2 * (half + F.softplus(-2 * half) - math.log(2)).sum(-1)
