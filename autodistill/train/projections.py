"""Queries, keys and values of a transformer's attention, whichever way the attention itself is computed."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.students import layer_list

NAMES = (("query", "q_lin", "q_proj", "query_proj"), ("key", "k_lin", "k_proj", "key_proj"), ("value", "v_lin", "v_proj", "value_proj"))
"""Of the linear maps, in the networks of Transformers."""


def projects(folder: Path) -> bool:
    """Whether the maps are found in every layer of the network in this folder; its weights are not read."""
    from transformers import AutoConfig, AutoModel

    with torch.device("meta"):
        network = AutoModel.from_config(AutoConfig.from_pretrained(folder, local_files_only=True))
    return can_be_projected(network)


def can_be_projected(network: Any) -> bool:
    """Whether the maps are found in every layer."""
    try:
        holder, name = layer_list(network)
        return all(len(_maps(layer)) == len(NAMES) for layer in getattr(holder, name))
    except ValueError:
        return False


@contextmanager
def projected(network: Any, layers: Collection[int]) -> Iterator[dict[int, Tensor]]:
    """Inside, a pass leaves queries, keys and values of these layers, each (3, batch, tokens, width); they are there at the end."""
    found: dict[int, list[Tensor | None]] = {n: [None] * len(NAMES) for n in layers}
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
        for which, module in enumerate(_maps(getattr(holder, name)[n]))
    ]
    try:
        yield stacked
    finally:
        for hook in hooks:
            hook.remove()
    stacked |= {n: torch.stack([t.float() for t in shown if t is not None]) for n, shown in found.items()}


def _maps(layer: nn.Module) -> list[nn.Module]:
    """The maps to queries, keys and values, as far as they are found."""
    by_name = {name.rpartition(".")[2]: module for name, module in layer.named_modules() if isinstance(module, nn.Linear)}
    return [next(by_name[n] for n in names if n in by_name) for names in NAMES if any(n in by_name for n in names)]
