"""Squared distance between the logits.

Source   Ba and Caruana 2014, arXiv:1312.6184.
Idea     Regress the teacher's logits: no softmax hides what they say about unlikely classes.
Inputs   logits of both networks; at least two classes.
Units    squared logits, summed over classes, averaged over the batch.
Differs  summed over classes rather than averaged, like `mse_centred`; unlike it, this loss also
         fits the teacher's offset.
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
        """The loss of each row; `labels` are ignored."""
        return (student - teacher).square().sum(-1)
