"""Gradient alignment: drop the part of one gradient that conflicts with another.

Source   gradient alignment: Yang et al. 2024 (DHKD), arXiv:2411.08937; the projection: Yu et al.
         2020, arXiv:2001.06782.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def aligned_backward(total: Tensor, aside: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Add the gradients of `total`, with those of `aside` freed from conflict.

    `aside` is a part of `total`; its component against the gradient of the rest is left out.
    """
    whole = torch.autograd.grad(total, parameters, retain_graph=True, allow_unused=True)
    added = torch.autograd.grad(aside, parameters, allow_unused=True)
    shared = [(w - a, a) for w, a in zip(whole, added) if w is not None and a is not None]
    rest = [(r, a) for r, a in shared if r.any()]
    along = sum((r * a).sum() for r, a in rest)
    length = sum(r.square().sum() for r, _ in rest)
    back = (
        (along / length).clamp_max(0.0)
        if isinstance(along, Tensor) and isinstance(length, Tensor)
        else 0.0
    )
    for parameter, w, a in zip(parameters, whole, added):
        if w is None:
            continue
        slope = w if a is None else w - back * (w - a)
        parameter.grad = slope if parameter.grad is None else parameter.grad + slope
