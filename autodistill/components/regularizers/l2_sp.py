"""A pull back to the weights from which the training began (L2-SP).

Source   Li, Grandvalet & Davoine 2018, arXiv:1802.01483, eq. 3, without the term for new layers.
Idea     What a student inherits from its teacher is worth keeping: decay to the start, not to zero.
Inputs   The trained weights now and before the first step.
Units    The penalty's slope, alpha * (weight - start), added to each gradient before clipping.
Differs  Layers that are new (a head of a checkpoint) are pulled to their random start, too.
"""

from typing import Annotated

import torch
from torch import nn

from autodistill.components.regularizers import Regularizer
from autodistill.registry.ranges import Real


class L2SP(Regularizer):
    """alpha / 2 times the squared distance from the starting point."""

    def __init__(self, *, alpha: Annotated[float, Real(1e-4, 1.0, log=True)] = 0.01) -> None:
        self.alpha = alpha

    @torch.no_grad()
    def before_step(self, student: nn.Module, progress: float) -> None:
        """Add the slope of the penalty to the gradients."""
        for name, parameter in student.named_parameters():
            if parameter.grad is not None and name in self.start:
                parameter.grad.add_(parameter - self.start[name], alpha=self.alpha)
