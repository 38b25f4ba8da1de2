"""The student's own past as its teacher.

Source   Tarvainen and Valpola 2017 (mean teachers), arXiv:1703.01780; symmetric cross-entropy: Dobler et al. 2023 (RMT), arXiv:2211.13081.
Idea     A running mean of the weights errs less than the weights of any one step; the student is kept close to it.
Inputs   the student, nothing of the teacher.
Units    nats, mean over rows, times the weight.
Differs  both networks see the same text; entropies are left out, so that it is zero where they agree.
"""

import copy
from typing import Annotated, Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.companions import Ask, Companion
from autodistill.registry.ranges import OneOf, Real


class EMA(Companion):
    """Half the divergence from the mean of the weights, and half the divergence to it."""

    def __init__(
        self,
        *,
        momentum: Annotated[float, OneOf(0.9, 0.99, 0.999)] = 0.99,
        weight: Annotated[float, Real(0.1, 2.0, log=True)] = 0.5,
    ) -> None:
        super().__init__()
        self.momentum = momentum
        self.weight = weight
        self.held: list[Any] = []
        """The mean; no module of this one, so that nothing trains it."""

    def begin(self, student: nn.Module) -> None:
        """The mean of one network is itself."""
        self.held = [copy.deepcopy(student).eval().requires_grad_(False)]

    def loss(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], ask: Ask
    ) -> Float[Tensor, ""]:
        """The formula."""
        with torch.no_grad():
            past = ask(self.held[0]).log_softmax(1)
        own = logits.log_softmax(1)
        there = (past.exp() * (past - own)).sum(1).mean()
        back = (own.exp() * (own - past)).sum(1).mean()
        return self.weight * (there + back) / 2

    @torch.no_grad()
    def after_step(self, student: nn.Module) -> None:
        """Move the mean."""
        for mean, now in zip(self.held[0].parameters(), student.parameters()):
            mean.lerp_(now, 1 - self.momentum)
