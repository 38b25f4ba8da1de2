"""Sums over weights, and on-off codes of units."""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor

Pairs = Iterable[tuple[Tensor, Tensor]]
"""Weights and their gradients."""


def saliency(pairs: Pairs) -> float:
    """Sum of |weight · gradient|."""
    return float(sum((w * g).abs().sum() for w, g in pairs))


def norms(pairs: Pairs) -> float:
    """Sum over layers of the gradient's norm."""
    return float(sum(g.norm() for _, g in pairs))


def channel_worth(pairs: Pairs) -> float:
    """Fisher information of channels: half the mean square of value times gradient.

    The mean is over rows; values are summed over positions within a row, then over channels. Pairs
    are (batch, channels, height, width), (batch, tokens, channels) or (batch, channels).
    """
    total = 0.0
    for values, slopes in pairs:
        felt = values * slopes * len(values)  # the loss is a mean over rows
        felt = (
            felt.flatten(2).sum(2) if felt.dim() == 4 else felt.sum(1) if felt.dim() == 3 else felt
        )
        total += float(felt.square().mean(0).sum()) / 2
    return total


def code_volume(layers: Iterable[Float[Tensor, "batch units"]]) -> float:
    """log |det| of the matrix of units that two rows share in state, on or off.

    Minus infinity where two rows have equal codes.
    """
    kernel: Tensor | None = None
    for values in layers:
        on = (values > 0).double()
        same = on @ on.T + (1 - on) @ (1 - on).T
        kernel = same if kernel is None else kernel + same
    assert kernel is not None
    return float(torch.linalg.slogdet(kernel).logabsdet)
