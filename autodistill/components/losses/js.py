"""Jensen-Shannon divergence between the softened probabilities.

Source   Agarwal et al. 2023 (GKD), arXiv:2306.13649, at an even mixture.
Idea     Symmetric and bounded by log 2: the confidence of neither network can make the loss
         diverge.
Inputs   logits of both networks; at least two classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  no knob for the mixture; log-softmax throughout.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import Real


class JensenShannon(RowLoss):
    """T² [KL(teacher || m) + KL(student || m)] / 2, m being the mean of both."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 2.0) -> None:
        super().__init__()
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        ours, theirs = softened(student, teacher, self.temperature)
        middle = torch.logaddexp(ours, theirs) - math.log(2)
        return (divergence(ours, middle) + divergence(theirs, middle)) * self.temperature**2 / 2
