"""Weights that an int8 file holds exactly (quantization-aware training of weights).

Source   Courbariaux, Bengio & David 2015, arXiv:1511.00363, algorithm 1 (precise weights take the
         steps, rounded ones make the predictions); grid by channel: Jacob et al. 2018,
         arXiv:1712.05877.
Idea     What rounding would cost at the end is learned away, and scores are those of the file.
Inputs   Weights of linear layers and of convolutions over images by output channel, tables of word
         vectors as a whole, frozen ones too; from `onset` of the training on.
Units    What `export --int8` does: 64 steps from 0 to a channel's largest absolute weight, 255
         steps from a table's least value to its largest.
Differs  Activations stay as they are; recurrent weights and convolutions over words stay precise.
"""

from collections.abc import Callable, Iterator
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.regularizers import Regularizer
from autodistill.registry.ranges import OneOf

STEPS, LEVELS = 64, 255
"""Steps of a channel's grid on either side of zero, and of a table's in all."""


class Int8Grid(Regularizer):
    """Rounds the weights after each step, and keeps the precise ones for the next."""

    def __init__(self, *, onset: Annotated[float, OneOf(0.0, 0.5, 0.75)] = 0.5) -> None:
        self.onset = onset
        self.precise: dict[str, Tensor] = {}

    def begin(self, student: nn.Module) -> None:
        """Forget the weights of another training."""
        self.precise = {}

    @torch.no_grad()
    def after_step(self, student: nn.Module, progress: float) -> None:
        """Move the precise weights as the rounded ones were moved, and round them anew."""
        if progress < self.onset:
            return
        for name, weight, nearest in rounded(student):
            before = self.precise.get(name)
            precise = weight.clone()
            if before is not None:
                precise = before + weight - nearest(before)
            self.precise[name] = precise
            weight.copy_(nearest(precise))

    @torch.no_grad()
    def finish(self, student: nn.Module) -> None:
        """Round once more: weights may have been averaged."""
        for _, weight, nearest in rounded(student):
            weight.copy_(nearest(weight))


def rounded(student: nn.Module) -> Iterator[tuple[str, Tensor, Callable[[Tensor], Tensor]]]:
    """The weights that an int8 file rounds, by name, each with its grid."""
    for name, module in student.named_modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            yield name, module.weight, grid
        elif isinstance(module, nn.Embedding | nn.EmbeddingBag):
            yield name, module.weight, table_grid


def grid(weight: Float[Tensor, "out ..."]) -> Float[Tensor, "out ..."]:
    """The nearest weights on the grid of each output channel: as many steps on both sides of 0."""
    step = weight.abs().flatten(1).amax(1) / STEPS
    step = step.clamp_min(torch.finfo(weight.dtype).tiny).view(-1, *[1] * (weight.dim() - 1))
    return (weight / step).round() * step


def table_grid(weight: Float[Tensor, "words width"]) -> Float[Tensor, "words width"]:
    """The nearest values on the grid of a whole table: 256, from the least to the largest."""
    low, high = weight.min().clamp_max(0.0), weight.max().clamp_min(0.0)
    step = ((high - low) / LEVELS).clamp_min(torch.finfo(weight.dtype).tiny)
    zero = (-low / step).round()
    return ((weight / step).round() + zero).clamp(0, LEVELS).sub(zero) * step
