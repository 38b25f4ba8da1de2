"""Optimizers: members that build an optimizer and its learning-rate schedule."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from autodistill.registry.slots import Slot

SLOT = Slot("optimizer", 70, "core", "adamw")


class OptimizerRecipe(ABC):
    """An optimizer with its knobs; `batch` is the number of rows per step."""

    batch: int

    @abstractmethod
    def build(
        self,
        parameters: Iterable[tuple[str, nn.Parameter]],
        steps: int,
        rates: Mapping[nn.Parameter, float] | None = None,
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """The optimizer over these named parameters and its schedule over `steps` steps.

        `rates` are multiples of the learning rate, 1 for parameters that it does not contain.
        """


def groups_of(
    parameters: Iterable[tuple[str, nn.Parameter]],
    lr: float,
    decay: float,
    rates: Mapping[nn.Parameter, float] | None,
) -> list[dict[str, Any]]:
    """Parameter groups of the trainable parameters, by weight decay and rate.

    Biases and norms (fewer than two dimensions) are not decayed.
    """
    groups: defaultdict[tuple[bool, float], list[nn.Parameter]] = defaultdict(list)
    for p in (p for _, p in parameters if p.requires_grad):
        groups[p.ndim > 1, (rates or {}).get(p, 1.0)].append(p)
    return [
        {"params": groups[matrix, rate], "weight_decay": decay * matrix, "lr": lr * rate}
        for matrix, rate in sorted(groups, reverse=True)
    ]


def course(
    optimizer: torch.optim.Optimizer, steps: int, warmup: float
) -> torch.optim.lr_scheduler.LRScheduler:
    """Linear warm-up over this share of the steps, then linear decay to zero."""
    rise = max(1, round(warmup * steps))

    def factor(step: int) -> float:
        return min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise + 1)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
