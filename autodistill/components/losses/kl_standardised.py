"""Divergence between logits that are standardised row by row.

Source   Sun et al. 2024, arXiv:2403.01427.
Idea     Only the shape of a row's logits is passed on: a small student need not reach the teacher's range.
Inputs   logits of both networks; three classes or more, with two every row becomes the same two numbers.
Units    nats, mean over the batch, multiplied by the temperature squared.
Differs  zero-based; a student's row without spread has no gradient.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class StandardisedKL(RowLoss):
    """T² KL(teacher || student) of (logits - mean) / deviation, both at temperature T."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    cools = True
    fewest_classes = 3

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 6.0, log=True)] = 2.0) -> None:
        super().__init__()
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula; the labels are not looked at."""
        ours, theirs = softened(_standard(student), _standard(teacher), self.temperature)
        return divergence(theirs, ours) * self.temperature**2


def _standard(logits: Tensor) -> Tensor:
    return (logits - logits.mean(-1, keepdim=True)) / (logits.std(-1, keepdim=True) + 1e-7)
