"""Probability that at least one of several samples is correct (pass@n).

Source   Chen et al. 2025, arXiv:2502.07154.
Idea     A row whose label already has some probability counts less, so the student does not become
         more confident than necessary.
Inputs   student logits, class indices; at least two classes.
Units    nats, averaged over the batch; at one draw it equals cross-entropy.
Differs  computed from log-probabilities at both ends.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.components.losses._classes import others
from autodistill.registry.ranges import OneOf

SMALL = -20.0
"""Log-probability below which 1 - (1 - p)^n is n p to single precision."""


class DCO(HardLoss):
    """Mean of -log [1 - (1 - p_y)^draws]."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"

    def __init__(self, *, draws: Annotated[int, OneOf(1, 2, 4, 8, 16)] = 4) -> None:
        super().__init__()
        self.draws = draws

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss of the batch; `labels` are class indices."""
        place = labels.long().unsqueeze(1)
        known = F.log_softmax(student, dim=-1)
        own, rest = known.gather(1, place).squeeze(1), others(known, place).logsumexp(-1)
        lost = own < SMALL  # 1 - p rounds to 1 here, so 1 - (1 - p)^draws is taken as draws * p
        wrong = torch.where(own < -1.0, torch.log1p(-own.clamp(SMALL, -1.0).exp()), rest)
        return -torch.where(
            lost,
            math.log(self.draws) + own,
            _log_complement(self.draws * torch.where(lost, -1.0, wrong)),
        ).mean()


def _log_complement(x: Tensor) -> Tensor:
    """log(1 - exp(x)) for negative x, with finite gradients at both ends."""
    near = x > -math.log(2)
    return torch.where(
        near,
        torch.log(-torch.expm1(torch.where(near, x, -1.0))),
        torch.log1p(-torch.where(near, -1.0, x).exp()),
    )
