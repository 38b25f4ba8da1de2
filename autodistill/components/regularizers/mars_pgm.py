"""A wall around the weights from which the training began (MARS-PGM).

Source   Gouk, Hospedales & Pontil 2021, arXiv:2002.08253, projection in the MARS norm.
Idea     A penalty does not bound how far a student moves; a projection after each step does.
Inputs   The trained matrices now and before the first step; vectors (biases, norms) are free.
Units    Maximum absolute row sum of (weight - start); a matrix beyond `radius` is scaled back.
Differs  One radius for all layers; a convolution's kernel is a row for each output channel.
"""

from typing import Annotated

import torch
from torch import nn

from autodistill.components.regularizers import Regularizer
from autodistill.registry.ranges import Real


class MarsPGM(Regularizer):
    """Projection of each matrix onto the ball of a radius around its start."""

    def __init__(self, *, radius: Annotated[float, Real(0.1, 100.0, log=True)] = 10.0) -> None:
        self.radius = radius

    @torch.no_grad()
    def after_step(self, student: nn.Module, progress: float) -> None:
        """Bring matrices that left the ball back to its surface."""
        for name, parameter in student.named_parameters():
            if name in self.start and parameter.dim() > 1:
                way = parameter - self.start[name]
                norm = way.flatten(1).abs().sum(1).max()
                if norm > self.radius:
                    parameter.copy_(self.start[name] + way * (self.radius / norm))
