"""Correlation between rows.

Source   Peng et al. 2019 (correlation congruence), arXiv:1904.01802.
Idea     As similarity-preserving, of rows of unit length: how large a state is does not count.
Inputs   pooled features of one layer of each network, of any widths; two rows or more, better 16.
Units    none: squared distance of the matrices of similarities, over the batch.
Differs  the Gaussian kernel is that of unit rows, by its Taylor series as in the source.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import similarities
from autodistill.registry.ranges import OneOf, Real


class CorrelationCongruence(FeatureLoss):
    """Squared distance of the matrices of a kernel."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    fewest_rows = 16

    def __init__(
        self,
        *,
        kernel: Annotated[str, OneOf("linear", "gaussian")] = "gaussian",
        gamma: Annotated[float, Real(0.1, 2.0, log=True)] = 0.4,
        order: Annotated[int, OneOf(1, 2, 3)] = 2,
    ) -> None:
        super().__init__()
        self.kernel = kernel
        self.gamma = gamma
        self.order = order

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The formula."""
        own, theirs = (self._correlations(states) for states in (student, teacher))
        return (own - theirs).square().sum() / len(student) ** 2

    def _correlations(self, states: Tensor) -> Tensor:
        cosines = similarities(states)
        if self.kernel == "linear":
            return cosines
        terms = [
            math.exp(-2 * self.gamma) * (2 * self.gamma * cosines) ** p / math.factorial(p)
            for p in range(self.order + 1)
        ]
        return torch.stack(terms).sum(0)
