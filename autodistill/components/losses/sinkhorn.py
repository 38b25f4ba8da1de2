"""Optimal transport between the batch of student rows and of teacher rows.

Source   Cui et al. 2024 (SinKD), arXiv:2402.17110.
Idea     Rows are compared as two clouds of probability vectors: the cost of moving one onto the
         other, however far apart they are.
Inputs   logits of both networks, batches of at least sixteen rows; blind to which row is whose, so
         a hard loss is required.
Units    probability moved per row; no factor for the temperature.
Differs  debiased, S(P, Q) - S(P, P) / 2 - S(Q, Q) / 2, hence zero at equality; in the log domain;
         divided by the batch size.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, LogitLoss
from autodistill.registry.ranges import OneOf, Real


class Sinkhorn(LogitLoss):
    """Debiased entropic transport cost between softened rows, with L1 ground cost."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    sees_rows = False
    fewest_rows = 16

    def __init__(
        self,
        *,
        epsilon: Annotated[float, Real(0.01, 1.0, log=True)] = 0.1,
        temperature: Annotated[float, Real(1.0, 4.0, log=True)] = 2.0,
        iterations: Annotated[int, OneOf(10, 20, 50)] = 20,
    ) -> None:
        super().__init__()
        self.epsilon = epsilon
        self.temperature = temperature
        self.iterations = iterations

    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The loss of the batch; `labels` are ignored."""
        ours, theirs = (
            F.softmax(student / self.temperature, dim=-1),
            F.softmax(teacher / self.temperature, dim=-1),
        )
        return (
            self._moved(ours, theirs)
            - self._moved(ours, ours) / 2
            - self._moved(theirs, theirs) / 2
        )

    def _moved(self, a: Tensor, b: Tensor) -> Tensor:
        """Transport cost after `iterations` alternating row and column normalisations."""
        cost = torch.cdist(a, b, p=1)
        plan = -cost / self.epsilon
        for _ in range(self.iterations):
            plan = plan - plan.logsumexp(1, keepdim=True)
            plan = plan - plan.logsumexp(0, keepdim=True)
        return (plan.exp() * cost).sum() / len(a)
