"""How differently rows switch units on and off.

Source   Mellor et al. 2021 (neural architecture search without training), arXiv:2006.04647.
Idea     Where an untrained network already gives rows different codes it can learn to tell them apart.
Inputs   a student, a batch.
Units    the logarithm of a determinant.
Differs  units of the feed-forward layers at the mean of the valid tokens; on where what enters the activation is above zero.
"""

from typing import Any

import torch
from torch import Tensor

from autodistill.proxies import Proxy, Shown, mean_states
from autodistill.proxies._activity import code_volume
from autodistill.students import layer_list


class NWOT(Proxy):
    """Over all layers."""

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: Shown) -> float:
        """The formula."""
        seen: list[Tensor] = []
        holder, name = layer_list(student)
        parts = [m for layer in getattr(holder, name) for m in layer.modules() if isinstance(m, torch.nn.Linear)]
        wide = [m for m in parts if m.out_features > m.in_features]
        hooks = [m.register_forward_hook(lambda _, __, out: seen.append(mean_states(out.float(), shown.mask))) for m in wide]
        try:
            student(**shown.inputs)
        finally:
            for hook in hooks:
                hook.remove()
        return code_volume(seen)
