"""Squared distance between the logits.

Source   Ba and Caruana 2014, arXiv:1312.6184.
Idea     Regress the teacher's logits: no softmax hides what it thinks of unlikely classes.
Inputs   logits of both networks; two classes or more.
Units    squared logits, summed over classes, mean over the batch.
Differs  summed over classes rather than averaged, as `mse_centred`; unlike it, it also asks for the teacher's own
         offset.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss


class LogitMSE(RowLoss):
    """Sum over classes of (student - teacher)²."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    squares = True

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula; the labels are not looked at."""
        return (student - teacher).square().sum(-1)
