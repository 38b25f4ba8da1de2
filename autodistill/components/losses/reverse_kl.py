"""Reverse KL divergence between the softened probabilities.

Source   Gu et al. 2023 (MiniLLM), arXiv:2306.08543.
Idea     The student is penalised for probability where the teacher has none: it concentrates on the
         teacher's strongest classes rather than covering all of them.
Inputs   logits of both networks; at least two classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  exact over the classes, no sampling; log-softmax throughout.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class ReverseKL(RowLoss):
    """T² KL(student || teacher), both at temperature T."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 2.0) -> None:
        super().__init__()
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        ours, theirs = softened(student, teacher, self.temperature)
        return divergence(ours, theirs) * self.temperature**2
