"""Activation maps over tokens: how active a layer is at each position.

Source   Zagoruyko and Komodakis 2017, arXiv:1612.03928, activation-based, eq. 2.
Idea     The mean of |h|^p over the width is a map over tokens; the student's map should match the
         shape of the teacher's, at any widths.
Inputs   token states of one layer of each network; the mask of valid tokens.
Units    squared differences of unit-norm maps, averaged over valid tokens.
Differs  mean over tokens in place of the norm of the difference.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class AttentionTransfer(FeatureLoss):
    """Mean squared difference between activation maps."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    at_match = "zero"
    rescale = True

    def __init__(self, *, power: Annotated[int, OneOf(1, 2, 4)] = 2) -> None:
        super().__init__()
        self.power = power

    def compute(
        self,
        student: Float[Tensor, "batch tokens student_width"],
        teacher: Float[Tensor, "batch tokens teacher_width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        gap = self._map(student, mask) - self._map(teacher, mask)
        return gap.square().sum() / mask.sum().clamp_min(1)

    def _map(self, states: Tensor, mask: Tensor) -> Tensor:
        return F.normalize(
            torch.where(mask.bool(), states.abs().pow(self.power).mean(2), 0.0), dim=1
        )
