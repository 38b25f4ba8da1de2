"""Distributionally robust loss, closer to the mean margin for confident rows.

Source   Zhu et al. 2021 (ALDR), arXiv:2112.14869.
Idea     Each row has its own lambda: a row on which the student is confident, perhaps in a wrong
         label, is treated as a margin, other rows as an average.
Inputs   student logits, class indices; at least two classes.
Units    logits, averaged over the batch.
Differs  lambda is recomputed from `scale` in every step, where the source keeps one per training
         row between steps; no scaling of logits, no penalty term, which has no gradient.
"""

import math
from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.components.losses.ldr import robust
from autodistill.registry.ranges import Real


class ALDR(HardLoss):
    """LDR with a lambda per row that the gradient treats as a constant.

    lambda_i = scale (1 - KL(softmax(z_i / scale) || uniform) / (alpha log classes)).
    """

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    holds = True

    def __init__(
        self,
        *,
        scale: Annotated[float, Real(0.1, 10.0, log=True)] = 1.0,
        margin: Annotated[float, Real(0.0, 2.0)] = 0.0,
        alpha: Annotated[float, Real(1.1, 4.0)] = 2.0,
    ) -> None:
        super().__init__()
        self.scale = scale
        self.margin = margin
        self.alpha = alpha

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss of the batch; `labels` are class indices."""
        start = student.new_full((len(student),), self.scale)
        return robust(
            student,
            labels.long(),
            row_scales(student.detach(), start, self.scale, self.alpha),
            self.margin,
        )


def row_scales(logits: Tensor, before: Tensor, scale: float, alpha: float) -> Tensor:
    """The lambda of each row (batch,), one update step from `before`."""
    known = F.log_softmax(logits / before.unsqueeze(1), dim=-1)
    classes = math.log(logits.shape[1])
    away = (known.exp() * (known + classes)).sum(-1)
    return scale * (1 - away / (alpha * classes))
