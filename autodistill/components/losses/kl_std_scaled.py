"""KL divergence between logits divided by their standard deviation.

Source   Choi et al. 2022 (mixup in distillation), arXiv:2211.03946.
Idea     A temperature per row and network: mixed rows, which are flat, are sharpened, clear ones
         are softened.
Inputs   logits of both networks; at least three classes: with two every row gets the same gap.
Units    nats, averaged over the batch, no factor for the temperature.
Differs  zero-based.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened


class StdScaledKL(RowLoss):
    """KL(teacher || student) of logits / standard deviation."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    fewest_classes = 3

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        ours, theirs = softened(
            student / student.std(-1, keepdim=True), teacher / teacher.std(-1, keepdim=True)
        )
        return divergence(theirs, ours)
