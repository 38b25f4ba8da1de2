"""Optimisers: a member makes the optimiser and the course of its learning rate."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

import torch
from torch import nn


class OptimizerRecipe(ABC):
    """One optimiser with its knobs; `batch` is the number of rows in a step."""

    batch: int

    @abstractmethod
    def build(
        self, parameters: Iterable[tuple[str, nn.Parameter]], steps: int, rates: Mapping[nn.Parameter, float] | None = None
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """The optimiser over these named parameters and its schedule over `steps` steps.

        `rates` are multiples of the learning rate, 1 where nothing is said.
        """
