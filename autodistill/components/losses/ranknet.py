"""RankNet over all pairs of classes: which of the two is more likely.

Source   Burges et al. 2005 (RankNet), ICML, with the teacher's margins as targets; Wang et al. 2025
         (DeAR), arXiv:2508.16998.
Idea     Order rather than magnitude: each pair of classes is a yes-or-no question that the teacher
         answers with a probability.
Inputs   logits of both networks; at least two classes: with two it is `kl` at temperature 1.
Units    nats, summed over the pairs of classes, averaged over the batch.
Differs  zero-based: the teacher's entropy over pairs is subtracted, which changes no gradient.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss


class RankNet(RowLoss):
    """Sum over class pairs of the binary KL that one ranks above the other."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        first, second = torch.triu_indices(student.shape[1], student.shape[1], offset=1)
        ours, theirs = (
            student[:, first] - student[:, second],
            teacher[:, first] - teacher[:, second],
        )
        above = theirs.sigmoid()
        yes = above * (F.logsigmoid(theirs) - F.logsigmoid(ours))
        no = (1 - above) * (F.logsigmoid(-theirs) - F.logsigmoid(-ours))
        return (yes + no).sum(-1)
