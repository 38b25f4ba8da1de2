"""Learned masks over the tokens worth imitating.

Source   adaptive masks by cross-attention (ACAM-KD): the idea; the formulas are this project's own.
Idea     A few learned masks select the token states that count; a diversity term keeps them from
         selecting the same ones.
Inputs   token states of one layer of each network, equal widths (a connector makes them equal); the
         mask of valid tokens.
Units    squared feature units, averaged over widths, over tokens by mask weight, and over masks;
         overlap from 0 to 1.
Differs  masks are learned queries on the teacher's tokens; the error is divided by a mask's total
         weight, so that no mask can shrink the loss.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf, Real


class TokenMasks(FeatureLoss):
    """Mean squared difference under each mask, plus the Dice overlap of the masks."""

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
        """Build the query map."""
        self.queries = nn.Linear(teacher_width, self.masks)

    def compute(
        self,
        student: Float[Tensor, "batch tokens width"],
        teacher: Float[Tensor, "batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        weights = torch.sigmoid(self.queries(teacher) / teacher.shape[2] ** 0.5) * mask.unsqueeze(2)
        gap = torch.where(mask.bool().unsqueeze(2), student - teacher, 0.0).square().mean(2)
        return masked_mean(gap, weights) + self.diversity * overlap(weights)


def masked_mean(
    gap: Float[Tensor, "batch tokens"], weights: Float[Tensor, "batch tokens masks"]
) -> Float[Tensor, ""]:
    """Mean over masks of the weighted mean of `gap`."""
    return ((gap.unsqueeze(2) * weights).sum((0, 1)) / weights.sum((0, 1)).clamp_min(1e-6)).mean()


def overlap(weights: Float[Tensor, "batch tokens masks"]) -> Float[Tensor, ""]:
    """Mean Dice coefficient over pairs of masks.

    0 for masks on different tokens, 1 for equal masks of weights 0 and 1.
    """
    count = weights.shape[2]
    both = weights.transpose(1, 2) @ weights
    sizes = weights.square().sum(1)
    dice = 2 * both / (sizes.unsqueeze(1) + sizes.unsqueeze(2)).clamp_min(1e-6)
    apart = ~torch.eye(count, dtype=torch.bool, device=weights.device)
    return dice[:, apart].mean()
