"""KL divergence in two parts: label versus rest, and among the rest.

Source   Zhao et al. 2022 (DKD), arXiv:2203.08679.
Idea     In the plain divergence a confident teacher suppresses its knowledge of the other classes;
         here that part has its own weight.
Inputs   logits of both networks, class indices; at least three classes: with two the second part is
         zero.
Units    nats, averaged over the batch, multiplied by T².
Differs  log-probabilities of the rest by a masked sum of exponentials, not by subtracting a large
         number from the label's logit.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._classes import others
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class DKD(RowLoss):
    """T² [alpha KL(label or not) + beta KL(among the others)] at temperature T."""

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "zero"
    fewest_classes = 3

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.25, 4.0, log=True)] = 1.0,
        beta: Annotated[float, Real(0.25, 12.0, log=True)] = 4.0,
        temperature: Annotated[float, Real(1.0, 8.0, log=True)] = 4.0,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.beta = beta
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are class indices."""
        t, place = self.temperature, labels.long().unsqueeze(1)
        target = divergence(_label_or_not(teacher / t, place), _label_or_not(student / t, place))
        ours, theirs = softened(others(student, place), others(teacher, place), t)
        return (self.alpha * target + self.beta * divergence(theirs, ours)) * t**2


def _label_or_not(logits: Tensor, place: Tensor) -> Tensor:
    """Log-probabilities of the label and of all other classes together: (batch, 2)."""
    known = F.log_softmax(logits, dim=-1)
    return torch.cat(
        [known.gather(1, place), others(known, place).logsumexp(-1, keepdim=True)], dim=1
    )
