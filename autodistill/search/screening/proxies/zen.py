"""Sensitivity of a network's features to small changes of the input.

Source   Lin et al. 2021 (Zen-NAS), arXiv:2102.01063, algorithm 1.
Idea     A network whose features move far under small changes can draw complicated borders; no
         data and no labels are needed.
Inputs   a student; noise in place of pixels or of embedded words.
Units    a logarithm: of the mean change of the last layer, and of the deviations that batch norms
         take out.
Differs  weights are drawn as the network draws them, not from a normal of deviation one.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn.modules.batchnorm import _BatchNorm

from autodistill.search.screening.proxies import ForwardOutput, Proxy, ask

STEP = 0.01
"""Size of the change, relative to inputs of deviation one."""


class Zen(Proxy):
    """Zen score on noise of the batch's shape."""

    looks_at = "start"

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        draw = torch.Generator().manual_seed(0)
        given = shown.inputs.get("pixel_values")
        shape = (
            (*shown.inputs["attention_mask"].shape, student.get_input_embeddings().weight.shape[1])
            if given is None
            else given.shape
        )
        there = shown.labels.device
        first, change = (torch.randn(shape, generator=draw).to(there) for _ in range(2))
        spread: list[float] = []
        norms = [m for m in student.modules() if isinstance(m, _BatchNorm)]
        hooks = [
            m.register_forward_pre_hook(
                lambda _, x: spread.append(float(x[0].transpose(0, 1).flatten(1).var(1).mean()))
            )
            for m in norms
        ]
        try:
            before = _features(student, first)
        finally:
            for hook in hooks:
                hook.remove()
        moved = float((before - _features(student, first + STEP * change)).abs().mean())
        return _log(moved) + sum(0.5 * _log(v) for v in spread)


def _features(network: Any, given: Tensor) -> Tensor:
    inputs = {"pixel_values": given} if given.dim() == 4 else {"inputs_embeds": given}
    found: Tensor = ask(network, **inputs, output_hidden_states=True).hidden_states[-1].float()
    return found


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf
