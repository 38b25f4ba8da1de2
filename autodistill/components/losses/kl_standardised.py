"""KL divergence between logits standardised row by row.

Source   Sun et al. 2024, arXiv:2403.01427.
Idea     Only the shape of a row's logits is transferred: a small student need not match the
         teacher's range.
Inputs   logits of both networks; at least three classes: with two every row becomes the same two
         numbers.
Units    nats, averaged over the batch, multiplied by T².
Differs  zero-based; a student row without variance has no gradient.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class StandardisedKL(RowLoss):
    """T² KL(teacher || student) of (logits - mean) / deviation, at temperature T."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
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
        """The loss of each row; `labels` are ignored."""
        ours, theirs = softened(_standard(student), _standard(teacher), self.temperature)
        return divergence(theirs, ours) * self.temperature**2


def _standard(logits: Tensor) -> Tensor:
    return (logits - logits.mean(-1, keepdim=True)) / (logits.std(-1, keepdim=True) + 1e-7)
