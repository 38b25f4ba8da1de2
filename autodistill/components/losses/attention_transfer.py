"""Where in the text a layer is active.

Source   Zagoruyko and Komodakis 2017, arXiv:1612.03928, activation-based, eq. 2.
Idea     The mean of |h|^p over the width is a map of the tokens; the student's is to have the teacher's shape, whatever the widths.
Inputs   every token's state in one layer of each network; which tokens are valid.
Units    squared differences of maps of length one, mean over valid tokens.
Differs  mean over tokens in place of the length of the difference.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class AttentionTransfer(FeatureLoss):
    """Mean squared difference of activation maps."""

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
        """The formula."""
        gap = self._map(student, mask) - self._map(teacher, mask)
        return gap.square().sum() / mask.sum().clamp_min(1)

    def _map(self, states: Tensor, mask: Tensor) -> Tensor:
        return F.normalize(
            torch.where(mask.bool(), states.abs().pow(self.power).mean(2), 0.0), dim=1
        )
