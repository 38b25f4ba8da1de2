"""Squared difference between the label's margins over each rival.

Source   Hofstätter et al. 2020 (Margin-MSE), arXiv:2010.02666, with classes in place of passages.
Idea     Rankings consist of margins: by how much the label wins, whatever the offset and scale of
         either network's logits.
Inputs   logits of both networks, class indices; at least two classes.
Units    squared logits, summed over rivals, averaged over the batch.
Differs  summed over rivals rather than averaged, like the other squared losses.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss


class GoldMargin(RowLoss):
    """Sum over k other than the label y of [(s_y - s_k) - (t_y - t_k)]²."""

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "zero"

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are class indices."""
        off = student - teacher
        return (off.gather(1, labels.long().unsqueeze(1)) - off).square().sum(-1)
