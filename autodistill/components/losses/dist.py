"""Correlation of the softened probabilities, within rows and within classes.

Source   Huang et al. 2022 (DIST), arXiv:2205.10536.
Idea     A small student cannot match a strong teacher's exact probabilities, but it can match their
         order: correlation requires no more.
Inputs   logits of both networks, batches of at least sixteen rows; with two classes only the
         correlation within classes counts, as the correlation within rows is just a sign.
Units    dimensionless, multiplied by T²; 0 for perfect correlation, at most 2 T² (beta + gamma).
Differs  a row or class without variance counts as uncorrelated.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, LogitLoss
from autodistill.registry.ranges import Real


class DIST(LogitLoss):
    """T² [beta (1 - row correlation) + gamma (1 - class correlation)]."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
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
        """The loss of the batch; `labels` are ignored."""
        t = self.temperature
        ours, theirs = F.softmax(student / t, dim=-1), F.softmax(teacher / t, dim=-1)
        within_classes = self.gamma * (1 - _correlation(ours.T, theirs.T))
        if student.shape[1] == 2:
            return within_classes * t**2
        return (self.beta * (1 - _correlation(ours, theirs)) + within_classes) * t**2


def _correlation(a: Tensor, b: Tensor) -> Tensor:
    """Pearson correlation over the last dimension, averaged over the others."""
    return F.cosine_similarity(
        a - a.mean(-1, keepdim=True), b - b.mean(-1, keepdim=True), dim=-1
    ).mean()
