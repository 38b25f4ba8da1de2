"""AdamW with linear warm-up and linear decay.

Source   Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.
Idea     Weight decay decoupled from the gradient; none on biases and norms.
Inputs   named parameters.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

import torch
from torch import nn

from autodistill.components.optimizers import OptimizerRecipe, course, groups_of
from autodistill.registry.ranges import OneOf, Real


class AdamW(OptimizerRecipe):
    def __init__(
        self,
        *,
        lr: Annotated[float, Real(1e-5, 5e-3, log=True)] = 2e-4,
        batch: Annotated[int, OneOf(8, 16, 32, 64, 128)] = 32,
        weight_decay: Annotated[float, Real(0.0, 0.1)] = 0.01,
        warmup: Annotated[float, Real(0.0, 0.3)] = 0.1,
    ) -> None:
        self.lr = lr
        self.batch = batch
        self.weight_decay = weight_decay
        self.warmup = warmup

    def build(
        self,
        parameters: Iterable[tuple[str, nn.Parameter]],
        steps: int,
        rates: Mapping[nn.Parameter, float] | None = None,
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """Fused AdamW and its schedule, warming up over `warmup` of the steps."""
        parts = groups_of(parameters, self.lr, self.weight_decay, rates)
        optimizer = torch.optim.AdamW(parts, lr=self.lr, fused=True)
        return optimizer, course(optimizer, steps, self.warmup)
