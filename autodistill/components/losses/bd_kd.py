"""Forward and reverse KL, weighted by which network is more confident.

Source   Amara et al. 2022 (BD-KD), arXiv:2212.12965, the offline form.
Idea     An overconfident student must cover the teacher's distribution; an underconfident one must
         commit to a mode.
Inputs   logits of both networks; at least two classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  the weights are this project's choice (the source does not publish its own in full): `high`
         for the favoured direction, 1 for the other one.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class BDKD(RowLoss):
    """T² mean of [nu KL(teacher || student) + gamma KL(student || teacher)].

    Where the student is more confident, nu is `high` and gamma is 1; elsewhere the reverse.
    """

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(
        self,
        *,
        high: Annotated[float, Real(1.0, 4.0)] = 2.0,
        temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 2.0,
    ) -> None:
        super().__init__()
        self.high = high
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        t = self.temperature
        ours, theirs = softened(student, teacher, t)
        forward, reverse = divergence(theirs, ours), divergence(ours, theirs)
        surer = -(ours.exp() * ours).sum(-1) < -(theirs.exp() * theirs).sum(-1)
        up, down = torch.where(surer, self.high, 1.0), torch.where(surer, 1.0, self.high)
        return (up * forward + down * reverse) * t**2
