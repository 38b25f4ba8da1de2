"""Label-distributionally robust loss: the worst class weighting near uniform.

Source   Zhu et al. 2021 (LDR), arXiv:2112.14869.
Idea     Between the margin to the hardest rival (small lambda) and the mean margin (large lambda),
         which is robust to wrong labels.
Inputs   student logits, class indices; at least two classes.
Units    logits, averaged over the batch; negative for good students, down to -lambda log(classes).
Differs  on the raw logits; the released code scales them first.
"""

import math
from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class LDR(HardLoss):
    """lambda log mean over classes k of exp((z_k - z_y + margin[k != y]) / lambda)."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"

    def __init__(
        self,
        *,
        scale: Annotated[float, Real(0.1, 10.0, log=True)] = 1.0,
        margin: Annotated[float, Real(0.0, 2.0)] = 0.0,
    ) -> None:
        super().__init__()
        self.scale = scale
        self.margin = margin

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss of the batch; `labels` are class indices."""
        return robust(
            student, labels.long(), student.new_full((len(student),), self.scale), self.margin
        )


def robust(logits: Tensor, labels: Tensor, scales: Tensor, margin: float) -> Tensor:
    """The mean loss with one lambda per row."""
    place, wide = labels.unsqueeze(1), scales.unsqueeze(1)
    lead = (logits - logits.gather(1, place) + margin).scatter(1, place, 0.0) / wide
    return (scales * (lead.logsumexp(-1) - math.log(logits.shape[1]))).mean()
