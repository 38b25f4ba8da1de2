"""Size of the values that attention computes: queries, keys and values.

Source   Serianni and Kalita 2023, arXiv:2305.04171 (training-free search of recurrent networks
         and transformers), head confidence.
Idea     Heads with strong responses matter; a sum over heads and layers, so that deep networks
         score high.
Inputs   a student with attention, a batch; NaN for other networks.
Units    those of states, summed over queries, keys and values of all layers.
Differs  the largest value over the valid tokens, mean over rows and units.
"""

import math
from typing import Any

import torch
from torch import Tensor

from autodistill.components.students import layer_list
from autodistill.components.students._attention import attention_maps
from autodistill.search.screening.proxies import ForwardOutput, Proxy, ask


class HeadConfidence(Proxy):
    """Sum over maps of the mean of their largest values."""

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        try:
            holder, name = layer_list(student)
        except ValueError:
            return math.nan
        maps = [m for layer in getattr(holder, name) for m in attention_maps(layer)]
        seen: list[Tensor] = []
        hooks = [m.register_forward_hook(lambda _, __, out: seen.append(out.float())) for m in maps]
        try:
            ask(student, **shown.inputs)
        finally:
            for hook in hooks:
                hook.remove()
        largest = [
            v.masked_fill(shown.mask(v).unsqueeze(2) == 0, -math.inf).amax(1).mean() for v in seen
        ]
        return float(sum(largest)) if largest else math.nan
