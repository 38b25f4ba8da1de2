"""The teacher's features predicted with a spread for each of them.

Source   Ahn et al. 2019 (variational information distillation), arXiv:1904.05835.
Idea     What the student cannot know of the teacher is given a large spread and costs little; the rest has to be right.
Inputs   one layer of each network, of equal widths (a connector makes them equal): means over tokens, or every token.
Units    nats, summed over the width, mean over the batch; below zero where spreads are small.
Differs  one spread for each feature in place of each channel.
"""

import math
from typing import Annotated, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf

FIRST_VARIANCE, LEAST_VARIANCE = 5.0, 1e-5


class VID(FeatureLoss):
    """Minus the log-likelihood of the teacher's features, up to a constant."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    rescale = True
    width_free = False

    def __init__(
        self, *, on: Annotated[Literal["pooled", "tokens"], OneOf("pooled", "tokens")] = "pooled"
    ) -> None:
        super().__init__()
        self.on = self.signal = on

    raw: nn.Parameter
    """The variance before softplus: (width,)."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the variances."""
        self.raw = nn.Parameter(
            torch.full((teacher_width,), math.log(math.expm1(FIRST_VARIANCE - LEAST_VARIANCE)))
        )

    def compute(
        self, student: Float[Tensor, "batch width"], teacher: Float[Tensor, "batch width"]
    ) -> Float[Tensor, ""]:
        """The formula."""
        variance = F.softplus(self.raw) + LEAST_VARIANCE
        return ((student - teacher).square() / variance + variance.log()).sum(1).mean() / 2
