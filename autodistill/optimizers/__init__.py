"""Optimisers: a member makes the optimiser and the course of its learning rate."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import torch
from torch import nn


class OptimizerRecipe(ABC):
    """One optimiser with its knobs; `batch` is the number of rows in a step."""

    batch: int

    @abstractmethod
    def build(
        self, parameters: Iterable[tuple[str, nn.Parameter]], steps: int
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """The optimiser over these named parameters and its schedule over `steps` steps."""
