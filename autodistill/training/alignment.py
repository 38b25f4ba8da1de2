"""Two losses on shared parameters: what of the one goes against the other is left out.

Source   Yang et al. 2024 (DHKD), arXiv:2411.08937, gradient alignment; Yu et al. 2020, arXiv:2001.06782, the projection.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def aligned_backward(total: Tensor, aside: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Add to the gradients what `total` asks for, of which `aside` is a part that must not go against the rest."""
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
