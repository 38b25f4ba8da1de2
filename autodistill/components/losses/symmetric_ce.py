"""Cross-entropy in both directions.

Source   Döbler et al. 2022 (RMT), arXiv:2211.13081.
Idea     The second direction makes the student confident as well as correct: it falls with the
         student's own entropy.
Inputs   logits of both networks; at least two classes.
Units    nats, averaged over the batch, at temperature 1.
Differs  not zero-based: half of it is the student's cross-entropy against the teacher, which has no
         fixed minimum.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import softened


class SymmetricCE(RowLoss):
    """[CE(teacher, student) + CE(student, teacher)] / 2."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "none"

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        ours, theirs = softened(student, teacher)
        return -(theirs.exp() * ours + ours.exp() * theirs).sum(-1) / 2
