"""Queries, keys and values of a transformer's attention, for any implementation."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.components.students import layer_list
from autodistill.components.students._attention import attention_maps
from autodistill.components.students._layers import shaped
from autodistill.components.students._networks import read_config, unset, untrained
from autodistill.components.students._passes import inputs_of


def projects(folder: Path) -> bool:
    """Whether every layer of the network in this folder has attention projections.

    Its weights are not read: a network with its last layer alone shows what they give.
    """
    config = read_config(folder)
    try:
        with torch.device("meta"):
            whole = can_be_projected(untrained(config))
        return whole and _projects_tokens(unset(shaped(config, (config.num_hidden_layers - 1,))))
    except (ValueError, RuntimeError, TypeError, AttributeError, LookupError):
        return False


def _projects_tokens(network: Any) -> bool:
    """Whether they are (batch, tokens, width) each, as wide as the layer's states."""
    mask = torch.ones(2, 5, dtype=torch.long)
    with torch.no_grad(), projected(network, (0,)) as found:
        network.eval()(**inputs_of(network, mask, mask, 0 * mask))
    return found[0].shape == (3, 2, 5, network.config.hidden_size)


def can_be_projected(network: Any) -> bool:
    """Whether every layer of the network has attention projections."""
    try:
        holder, name = layer_list(network)
        return all(len(attention_maps(layer)) == 3 for layer in getattr(holder, name))
    except ValueError:
        return False


@contextmanager
def projected(network: Any, layers: Collection[int]) -> Iterator[dict[int, Tensor]]:
    """A context that records queries, keys and values of these layers.

    A pass inside leaves one (3, batch, tokens, width) tensor per layer in the yielded dict, which
    is filled at the end.
    """
    found: dict[int, list[Tensor | None]] = {n: [None] * 3 for n in layers}
    stacked: dict[int, Tensor] = {}
    if not layers:
        yield stacked
        return
    holder, name = layer_list(network)

    def keep(layer: int, which: int, _: nn.Module, __: Any, out: Tensor) -> None:
        found[layer][which] = out

    hooks = [
        module.register_forward_hook(partial(keep, n, which))
        for n in layers
        for which, module in enumerate(attention_maps(getattr(holder, name)[n]))
    ]
    try:
        yield stacked
    finally:
        for hook in hooks:
            hook.remove()
    stacked |= {
        n: torch.stack([t.float() for t in shown if t is not None]) for n, shown in found.items()
    }
