"""A small network that trades off label and teacher row by row.

Source   Hu et al. 2024 (TGeo-KD), arXiv:2312.15112; equations as quoted in reviews, the details of
         the optimisation are this project's own.
Idea     The distances between student, teacher and label, and between the teacher and its mean
         prediction for this class, indicate which to trust. Held-out training rows judge the
         result.
Inputs   logits of student and teacher, class indices; cross-entropy and a logit loss; a held-out
         slice of the training rows.
Units    the teacher's share of a row divided by its share in the pipeline: 1 means fixed weights.
Differs  the gradient of the held-out loss is taken at the student's current weights, not after a
         trial step (this project's choice), and along it by a difference quotient; probabilities at
         temperature 1; Adam with a learning rate of 1e-3.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.weightings import Weighting
from autodistill.registry.ranges import OneOf, Real


class TGeo(Weighting):
    """The teacher weighs r and the label 1 - r.

    r = sigmoid(network of the distances + log-odds of the pipeline's share).
    """

    needs = frozenset({"logits"})
    trades = True

    network: nn.Sequential
    usual: Tensor
    """Mean teacher probabilities by class: (classes, classes)."""

    def __init__(
        self,
        *,
        width: Annotated[int, OneOf(32, 64, 128)] = 64,
        every: Annotated[int, OneOf(10, 20, 50)] = 20,
        held_out: Annotated[float, Real(0.05, 0.1)] = 0.05,
    ) -> None:
        self.width = width
        self.every = every
        self.held_out = held_out
        self.share = 0.5

    def begin(
        self, share: float, teacher: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> None:
        """Build the network, which initially outputs the pipeline's share everywhere."""
        self.share = share
        classes = teacher.shape[1]
        own = F.one_hot(labels, classes).float()
        self.usual = (own.T @ teacher.softmax(-1)) / own.sum(0).clamp_min(1).unsqueeze(1)
        last = nn.Linear(self.width, 1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.network = nn.Sequential(nn.Linear(5 * classes, self.width), nn.ReLU(), last)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weight of each row; 1 before `begin`."""
        if not hasattr(self, "network"):
            return torch.ones(len(labels), dtype=teacher.dtype)
        with torch.no_grad():
            return self._ratio(student, teacher, labels) / self.share

    def learn(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        gains: Float[Tensor, "batch"],
    ) -> None:
        """One optimizer step: rows that gain from the teacher get more of it."""
        self.optimizer.zero_grad()
        torch.autograd.backward(-(self._ratio(student, teacher, labels) * gains).mean())
        self.optimizer.step()

    def _ratio(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        own, theirs, label = (
            student.detach().softmax(-1),
            teacher.softmax(-1),
            F.one_hot(labels, teacher.shape[1]).float(),
        )
        usual = self.usual[labels]
        apart = torch.cat(
            [own - label, theirs - label, own - theirs, usual - label, own - usual], dim=1
        )
        odds = math.log(self.share / (1 - self.share))
        return torch.sigmoid(self.network(apart.float()).squeeze(1) + odds)
