"""Diversity of the on-off patterns of units between rows.

Source   Mellor et al. 2021 (neural architecture search without training), arXiv:2006.04647.
Idea     Where an untrained network already gives rows different codes, it can learn to
         distinguish them.
Inputs   a student, a batch.
Units    the logarithm of a determinant; NaN for a network without such units.
Differs  for texts, units of the feed-forward layers at the mean of the valid tokens; on where the
         input of the activation is above zero.
"""

import math
from typing import Any

import torch

from autodistill.search.screening.proxies import ForwardOutput, Proxy, ask, mean_of
from autodistill.search.screening.proxies._activity import code_volume
from autodistill.search.screening.proxies._units import watched


class NWOT(Proxy):
    """Log determinant over the codes of all layers."""

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        with watched(student) as seen:
            ask(student, **shown.inputs)
        codes = [v.flatten(1) if v.dim() != 3 else mean_of(v.float(), shown.mask(v)) for v in seen]
        return code_volume(codes) if codes else math.nan
