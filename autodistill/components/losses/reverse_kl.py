"""Divergence of the student's softened probabilities from the teacher's.

Source   Gu et al. 2023 (MiniLLM), arXiv:2306.08543.
Idea     The student pays for mass where the teacher has none: it keeps to the teacher's strongest classes rather than
         cover all of them.
Inputs   logits of both networks; two classes or more.
Units    nats, mean over the batch, multiplied by the temperature squared.
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
    cools = True

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 2.0) -> None:
        super().__init__()
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula; the labels are not looked at."""
        ours, theirs = softened(student, teacher, self.temperature)
        return divergence(ours, theirs) * self.temperature**2
