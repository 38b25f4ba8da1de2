"""Comp-sum family of generalised cross-entropies.

Source   Mao et al. 2023, arXiv:2304.07288; Zhang and Sabuncu 2018, arXiv:1805.07836 (1 < tau < 2).
Idea     From cross-entropy (tau 1) to one minus the label's probability (tau 2): the larger tau,
         the less a hopeless row counts, so wrong labels do less harm.
Inputs   student logits, class indices; at least two classes.
Units    dimensionless, averaged over the batch.
Differs  powers of probabilities are computed from log-probabilities.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class CompSum(HardLoss):
    """Mean of [(1 / q_y)^(1 - tau) - 1] / (1 - tau); -log q_y at tau 1."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"

    def __init__(self, *, tau: Annotated[float, Real(0.5, 2.0)] = 1.5) -> None:
        super().__init__()
        self.tau = tau

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss of the batch; `labels` are class indices."""
        surprise = F.cross_entropy(student, labels.long(), reduction="none")
        if self.tau == 1:
            return surprise.mean()
        return torch.expm1((1 - self.tau) * surprise).mean() / (1 - self.tau)
