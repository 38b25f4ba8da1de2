"""Correlation congruence between the rows of a batch.

Source   Peng et al. 2019 (correlation congruence), arXiv:1904.01802.
Idea     Like `sp`, but on unit-norm rows: the magnitude of a state does not count.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    dimensionless: squared distance between the similarity matrices, divided by the squared
         batch size.
Differs  the Gaussian kernel acts on unit-norm rows, by its Taylor series as in the source.
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
    """Squared distance between the kernel matrices of student and teacher."""

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
        """The loss of the batch."""
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
