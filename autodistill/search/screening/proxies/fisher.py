"""Sensitivity of the loss to each channel.

Source   Theis et al. 2018, arXiv:1801.05787; Turner et al. 2020 (BlockSwap), arXiv:1906.04113; as
         a proxy: Abdelfattah et al. 2021.
Idea     Channels whose removal would change the loss much are channels at work.
Inputs   a student, a batch with labels.
Units    half the mean square over rows of activation times gradient, summed over channels; NaN
         without units.
Differs  channels of what enters the activations, tokens in place of pixels for texts.
"""

import math
from typing import Any

import torch

from autodistill.search.screening.proxies import (
    ForwardOutput,
    Proxy,
    every_weight_trained,
    label_loss,
)
from autodistill.search.screening.proxies._activity import channel_worth
from autodistill.search.screening.proxies._units import watched


class Fisher(Proxy):
    """Fisher information over all channels."""

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        with every_weight_trained(student), watched(student) as seen:
            loss = label_loss(student, shown)
            slopes = torch.autograd.grad(loss, seen, allow_unused=True) if seen else ()
        known = [(v.detach(), g) for v, g in zip(seen, slopes) if g is not None]
        return channel_worth(known) if known else math.nan
