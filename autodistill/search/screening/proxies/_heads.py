"""A random head on mean states, the same for every network of a width."""

from typing import Any

import torch
from torch import Tensor

from autodistill.search.screening.proxies import ForwardOutput, last_states, mean_states
from autodistill.search.screening.proxies._relations import class_gradient


def gradient_of(network: Any, shown: ForwardOutput) -> tuple[Tensor, Tensor]:
    """Gradient of a linear head (classes, width), and states (batch, tokens, width).

    The head of a network for texts may have layers of its own; only the states matter here, so the
    head is one random matrix. That of a network for images is its own, with its bias.
    """
    states = last_states(network, shown)
    if "pixel_values" in shown.inputs:
        head = network.classifier
        return class_gradient(
            head.weight.detach(), mean_states(network, shown), shown.labels, head.bias.detach()
        ), states
    draw = torch.Generator().manual_seed(0)
    weight = (
        torch.randn(network.config.num_labels, states.shape[2], generator=draw)
        / states.shape[2] ** 0.5
    )
    weight = weight.to(states.device)
    return class_gradient(weight, mean_states(network, shown), shown.labels), states
