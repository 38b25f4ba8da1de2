"""Target probability and normalised non-target probabilities, separately.

Source   Yang et al. 2023 (NKD), arXiv:2303.13005.
Idea     The other classes are compared among themselves, so that the teacher's confidence in the
         label does not drown its knowledge of the rest.
Inputs   logits of both networks, class indices; at least three classes: with two the second part is
         zero.
Units    nats, averaged over the batch; the second part is multiplied by T².
Differs  without the ordinary cross-entropy that the source adds: that is the hard loss. Not
         zero-based: a value below zero would mean nothing.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._classes import others
from autodistill.registry.ranges import Real


class NKD(RowLoss):
    """-p log q at the label, plus gamma T² times the cross-entropy among the others."""

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "none"
    fewest_classes = 3

    def __init__(
        self,
        *,
        gamma: Annotated[float, Real(0.1, 8.0, log=True)] = 1.5,
        temperature: Annotated[float, Real(1.0, 4.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.gamma = gamma
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are class indices."""
        t, place = self.temperature, labels.long().unsqueeze(1)
        sure = F.softmax(teacher, dim=-1).gather(1, place) * F.log_softmax(student, dim=-1).gather(
            1, place
        )
        ours, theirs = (
            F.log_softmax(others(student, place) / t, dim=-1),
            F.softmax(others(teacher, place) / t, dim=-1),
        )
        return -sure.squeeze(1) - self.gamma * t**2 * (theirs * ours).sum(-1)
