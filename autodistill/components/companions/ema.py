"""Mean teacher: an exponential moving average of the student as its teacher.

Source   Tarvainen and Valpola 2017 (mean teachers), arXiv:1703.01780; symmetric cross-entropy:
         Dobler et al. 2023 (RMT), arXiv:2211.13081.
Idea     A running mean of the weights makes fewer errors than the weights of any single step; the
         student is kept close to it.
Inputs   the student; nothing from the teacher.
Units    nats, averaged over rows, times the weight.
Differs  both networks see the same text; entropies are subtracted, so that the term is zero where
         they agree.
"""

import copy
from typing import Annotated, Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.companions import Ask, Companion
from autodistill.registry.ranges import OneOf, Real


class EMA(Companion):
    """The mean of KL(average || student) and KL(student || average)."""

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
        """The averaged network, in a list so that it is not a trained submodule."""

    def begin(self, student: nn.Module) -> None:
        """Start the average as a frozen copy of the student."""
        self.held = [copy.deepcopy(student).eval().requires_grad_(False)]

    def loss(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], ask: Ask
    ) -> Float[Tensor, ""]:
        """The weighted symmetric KL divergence."""
        with torch.no_grad():
            past = ask(self.held[0]).log_softmax(1)
        own = logits.log_softmax(1)
        there = (past.exp() * (past - own)).sum(1).mean()
        back = (own.exp() * (own - past)).sum(1).mean()
        return self.weight * (there + back) / 2

    @torch.no_grad()
    def after_step(self, student: nn.Module) -> None:
        """Update the moving average."""
        for mean, now in zip(self.held[0].parameters(), student.parameters()):
            mean.lerp_(now, 1 - self.momentum)
