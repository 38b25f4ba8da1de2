"""Number of directions that a network uses, times its size.

Source   Wang et al. 2025 (W-PCA), ICLR 2025: principal components of the feed-forward states,
         times the number of parameters.
Idea     Of two networks of one size, the one whose layers spread over more directions can
         represent more.
Inputs   a student, a batch; NaN for a network without such units.
Units    components that hold `share` of the variance, mean over layers, times parameters.
Differs  one batch only, since components are expensive.
"""

import math
from statistics import fmean
from typing import Annotated, Any

import torch
from torch import Tensor

from autodistill.registry.ranges import OneOf
from autodistill.search.screening.proxies import ForwardOutput, Proxy, ask
from autodistill.search.screening.proxies._units import watched


class WPCA(Proxy):
    """Principal components of the activations' inputs."""

    looks_at = "start"

    def __init__(self, *, share: Annotated[float, OneOf(0.9, 0.99)] = 0.99) -> None:
        self.share = share

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        with watched(student) as seen:
            ask(student, **shown.inputs)
        if not seen:
            return math.nan
        params: int = sum(p.numel() for p in student.parameters())
        return fmean(components(_rows(v, shown), self.share) for v in seen) * params


def components(rows: Tensor, share: float) -> int:
    """Fewest principal components with this share of the variance of (rows, units)."""
    centred = rows.double() - rows.double().mean(0)
    gram = centred.T @ centred if len(rows) > rows.shape[1] else centred @ centred.T
    held = torch.linalg.eigvalsh(gram).flip(0).clamp_min(0).cumsum(0)
    return int((held < share * held[-1]).sum()) + 1


def _rows(values: Tensor, shown: ForwardOutput) -> Tensor:
    match values.dim():
        case 4:
            return values.float().movedim(1, 3).flatten(0, 2)
        case 3:
            return values.float()[shown.mask(values).bool()]
    return values.float()
