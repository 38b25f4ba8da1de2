"""Gaussian prediction of the teacher's features with a variance per feature.

Source   Ahn et al. 2019 (variational information distillation), arXiv:1904.05835.
Idea     Features that the student cannot predict get a large variance and cost little; the rest
         must be accurate.
Inputs   one layer of each network, equal widths (a connector makes them equal): means over tokens,
         or every token.
Units    nats, summed over the width, averaged over the batch; negative where variances are small.
Differs  one variance per feature in place of one per channel.
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
    """Negative log-likelihood of the teacher's features, up to a constant."""

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
    """Unconstrained variances, before softplus: (width,)."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Create the variance parameters."""
        self.raw = nn.Parameter(
            torch.full((teacher_width,), math.log(math.expm1(FIRST_VARIANCE - LEAST_VARIANCE)))
        )

    def compute(
        self, student: Float[Tensor, "batch width"], teacher: Float[Tensor, "batch width"]
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        variance = F.softplus(self.raw) + LEAST_VARIANCE
        return ((student - teacher).square() / variance + variance.log()).sum(1).mean() / 2
