"""Power family of cross-entropies.

Source   Mao et al. 2023, arXiv:2304.07288; Zhang and Sabuncu 2018, arXiv:1805.07836 (1 < tau < 2).
Idea     From cross-entropy (tau 1) to one less the probability of the label (tau 2): the larger tau, the less a
         hopeless row counts, so wrong labels do less harm.
Inputs   logits of the student, labels as classes; two classes or more.
Units    none, mean over the batch.
Differs  powers of probabilities are taken from log-probabilities.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class CompSum(HardLoss):
    """[(1 / q_y)^(1 - tau) - 1] / (1 - tau); -log q_y at tau 1."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"

    def __init__(self, *, tau: Annotated[float, Real(0.5, 2.0)] = 1.5) -> None:
        super().__init__()
        self.tau = tau

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The formula; labels are classes."""
        surprise = F.cross_entropy(student, labels.long(), reduction="none")
        if self.tau == 1:
            return surprise.mean()
        return torch.expm1((1 - self.tau) * surprise).mean() / (1 - self.tau)
