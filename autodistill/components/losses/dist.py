"""Correlation of the softened probabilities, within rows and within classes.

Source   Huang et al. 2022 (DIST), arXiv:2205.10536.
Idea     A strong teacher's exact numbers are out of a small student's reach; their order is not: correlation asks for
         no more.
Inputs   logits of both networks, sixteen rows or more in a batch; with two classes only the correlation within
         classes counts, the other one is a sign.
Units    none, multiplied by the temperature squared; 0 for perfect correlation, 2 T² (beta + gamma) at most.
Differs  a row or class without spread counts as uncorrelated.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, LogitLoss
from autodistill.registry.ranges import Real


class DIST(LogitLoss):
    """T² [beta (1 - correlation over classes) + gamma (1 - correlation over the batch)]."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    cools = True
    sees_rows = False
    idle_at_two = frozenset({"beta"})
    fewest_rows = 16

    def __init__(
        self,
        *,
        beta: Annotated[float, Real(0.1, 8.0, log=True)] = 1.0,
        gamma: Annotated[float, Real(0.1, 8.0, log=True)] = 1.0,
        temperature: Annotated[float, Real(1.0, 8.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.beta = beta
        self.gamma = gamma
        self.temperature = temperature

    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The formula; the labels are not looked at."""
        t = self.temperature
        ours, theirs = F.softmax(student / t, dim=-1), F.softmax(teacher / t, dim=-1)
        within_classes = self.gamma * (1 - _correlation(ours.T, theirs.T))
        if student.shape[1] == 2:
            return within_classes * t**2
        return (self.beta * (1 - _correlation(ours, theirs)) + within_classes) * t**2


def _correlation(a: Tensor, b: Tensor) -> Tensor:
    """Pearson's over the last dimension, mean over the others."""
    return F.cosine_similarity(
        a - a.mean(-1, keepdim=True), b - b.mean(-1, keepdim=True), dim=-1
    ).mean()
