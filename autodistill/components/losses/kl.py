"""KL divergence from the teacher's softened probabilities.

Source   Hinton et al. 2015, arXiv:1503.02531, section 2.
Idea     The teacher's probabilities of the wrong classes show which classes are similar; a
         temperature makes them visible.
Inputs   logits of both networks; at least two classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  zero-based: the teacher's entropy is subtracted from the source's cross-entropy, which
         changes no gradient; log-softmax throughout.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class KL(RowLoss):
    """T² KL(teacher || student), both at temperature T."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 4.0) -> None:
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
        return divergence(theirs, ours) * self.temperature**2
