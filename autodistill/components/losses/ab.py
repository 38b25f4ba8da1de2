"""Alpha-beta divergence between the softened probabilities.

Source   Cichocki et al. 2011, Entropy 13, 134-170; for distillation Wang et al. 2025 (ABKD),
         arXiv:2505.04560.
Idea     One family with forward KL (1, 0), reverse KL (0, 1) and squared distance (1, 1) at its
         corners: alpha sets how much the teacher's likely classes count, beta how much the
         student's do.
Inputs   logits of both networks; at least two classes.
Units    dimensionless, averaged over the batch, multiplied by T².
Differs  powers of probabilities are computed from log-probabilities.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import softened
from autodistill.registry.ranges import Real


class AlphaBeta(RowLoss):
    """T² times the alpha-beta divergence between teacher and student at temperature T."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.1, 1.0)] = 0.6,
        beta: Annotated[float, Real(0.1, 1.0)] = 0.4,
        temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 2.0,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.beta = beta
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        t, a, b = self.temperature, self.alpha, self.beta
        ours, theirs = softened(student, teacher, t)
        if a == 0 or b == 0:
            (power, left, right) = (a, theirs, ours) if b == 0 else (b, ours, theirs)
            p, q = (power * left).exp(), (power * right).exp()
            rows = (p * power * (left - right) - p + q).sum(-1) / power**2
        else:
            whole = a + b
            mixed = (a * theirs + b * ours).exp()
            rows = -(
                mixed - a / whole * (whole * theirs).exp() - b / whole * (whole * ours).exp()
            ).sum(-1) / (a * b)
        return rows * t**2
