"""Squared distance between centred logits, independent of their offset.

Source   Ba & Caruana 2014, arXiv:1312.6184, section 2.2; the limit of eq. 4 of Hinton et al. 2015,
         arXiv:1503.02531.
Idea     Match the differences between logits directly; the limit of the KL divergence at high
         temperature, without its knob.
Inputs   logits of both networks; at least two classes.
Units    squared logits, summed over classes, averaged over the batch; 2 C times the limit of T² KL.
Differs  each row is centred first, because a constant added to all logits changes no prediction;
         classes are summed, where public code takes the mean over all entries.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss


class CentredMSE(RowLoss):
    """Squared distance between the centred logits."""

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
        gap = student - teacher
        return (gap - gap.mean(dim=-1, keepdim=True)).square().sum(dim=-1)
