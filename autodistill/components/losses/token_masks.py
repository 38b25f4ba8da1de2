"""Tokens that are worth imitating, found while training.

Source   adaptive masks by cross-attention (ACAM-KD): the idea; the formulas are this project's own.
Idea     A few learned masks say which tokens' states count; they are kept from looking at the same ones.
Inputs   every token's state in one layer of each network, of equal widths (a connector makes them equal); which tokens are valid.
Units    squared feature units, mean over widths, weighed mean over tokens and masks, over the mean weight; overlap from 0 to 1.
Differs  masks are learned queries on the teacher's tokens; the mean over a mask's weight, so that none can shrink the loss.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf, Real


class TokenMasks(FeatureLoss):
    """Mean squared difference under each mask, and how much the masks overlap (Dice)."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    at_match = "none"
    rescale = True
    width_free = False

    queries: nn.Linear

    def __init__(
        self,
        *,
        masks: Annotated[int, OneOf(2, 4, 6)] = 4,
        diversity: Annotated[float, Real(0.01, 1.0, log=True)] = 0.1,
    ) -> None:
        super().__init__()
        self.masks = masks
        self.diversity = diversity

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the queries."""
        self.queries = nn.Linear(teacher_width, self.masks)

    def compute(
        self,
        student: Float[Tensor, "batch tokens width"],
        teacher: Float[Tensor, "batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The formula."""
        weights = torch.sigmoid(self.queries(teacher) / teacher.shape[2] ** 0.5) * mask.unsqueeze(2)
        gap = torch.where(mask.bool().unsqueeze(2), student - teacher, 0.0).square().mean(2)
        return masked_mean(gap, weights) + self.diversity * overlap(weights)


def masked_mean(
    gap: Float[Tensor, "batch tokens"], weights: Float[Tensor, "batch tokens masks"]
) -> Float[Tensor, ""]:
    """Mean over masks of the mean that each of them weighs."""
    return ((gap.unsqueeze(2) * weights).sum((0, 1)) / weights.sum((0, 1)).clamp_min(1e-6)).mean()


def overlap(weights: Float[Tensor, "batch tokens masks"]) -> Float[Tensor, ""]:
    """Mean Dice coefficient of two masks: 0 for masks on different tokens, 1 for equal ones of whole weights."""
    count = weights.shape[2]
    both = weights.transpose(1, 2) @ weights
    sizes = weights.square().sum(1)
    dice = 2 * both / (sizes.unsqueeze(1) + sizes.unsqueeze(2)).clamp_min(1e-6)
    apart = ~torch.eye(count, dtype=torch.bool, device=weights.device)
    return dice[:, apart].mean()
