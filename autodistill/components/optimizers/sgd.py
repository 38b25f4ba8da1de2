"""SGD with Nesterov momentum, linear warm-up and linear decay.

Source   Sutskever et al. 2013 (ICML), section 2; for residual networks He et al. 2016,
         arXiv:1512.03385, section 4.2 (rate 0.1).
Idea     Convolutions with batch norm train better with it than with adaptive rates; transformers do
         not.
Inputs   named parameters.
Differs  no decay of biases and norms; the rate falls linearly, not in steps.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

import torch
from torch import nn

from autodistill.components.optimizers import OptimizerRecipe, course, groups_of
from autodistill.registry.ranges import OneOf, Real


class SGD(OptimizerRecipe):
    def __init__(
        self,
        *,
        lr: Annotated[float, Real(1e-3, 0.5, log=True)] = 0.1,
        batch: Annotated[int, OneOf(8, 16, 32, 64, 128)] = 64,
        weight_decay: Annotated[float, Real(0.0, 1e-2)] = 5e-4,
        momentum: Annotated[float, OneOf(0.8, 0.9, 0.95)] = 0.9,
        warmup: Annotated[float, Real(0.0, 0.3)] = 0.2,
    ) -> None:
        self.lr = lr
        self.batch = batch
        self.weight_decay = weight_decay
        self.momentum = momentum
        self.warmup = warmup

    def build(
        self,
        parameters: Iterable[tuple[str, nn.Parameter]],
        steps: int,
        rates: Mapping[nn.Parameter, float] | None = None,
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """Fused SGD and its schedule, warming up over `warmup` of the steps."""
        parts = groups_of(parameters, self.lr, self.weight_decay, rates)
        optimizer = torch.optim.SGD(
            parts, lr=self.lr, momentum=self.momentum, nesterov=True, fused=True
        )
        return optimizer, course(optimizer, steps, self.warmup)
