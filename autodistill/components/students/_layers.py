"""A transformer's layers: where they are, and the same network with only some of them."""

import copy
import json
import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from autodistill.components.students._networks import unset, untrained

PER_LAYER = re.compile("layer|window|block")
"""Names of the config's lists that may hold one entry a layer."""


def layer_list(model: Any) -> tuple[nn.Module, str]:
    """The module that holds the transformer layers, and the attribute's name.

    Raises ValueError for a network without such a list.
    """
    wanted = model.config.num_hidden_layers
    for module in model.base_model.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ModuleList) and len(child) == wanted:
                return module, name
    raise ValueError(
        f"no list of {wanted} layers in {type(model).__name__}; use a student that is not cut "
        "from the teacher, such as 'scratch'."
    )


def layer_path(model: Any) -> str:
    """The beginning of the names of all layers' weights; empty if layers share their weights.

    Raises ValueError for a network without a list of layers.
    """
    if getattr(model.config, "num_hidden_groups", 0) == 1:  # ALBERT: one set of weights for all
        return ""
    holder, name = layer_list(model)
    place = next(path for path, module in model.named_modules() if module is holder)
    return f"{place}.{name}."


def shaped(
    config: Any, kept: Sequence[int], *, width: int = 0, heads: int = 0, inner: int = 0
) -> Any:
    """The config of a network with only these layers, as it is read back from a folder.

    `width`, `heads` and `inner` (of the feed-forward part) change the sizes, too; 0 leaves them.
    """
    made, layers = copy.deepcopy(config), config.num_hidden_layers
    for name, value in vars(config).items():
        if isinstance(value, list | tuple) and len(value) == layers and PER_LAYER.search(name):
            setattr(made, name, [value[k] for k in kept])
    made.num_hidden_layers = len(kept)
    if width:
        _resize(made, config, width, heads)
    if inner:
        setattr(made, "n_inner" if hasattr(config, "n_inner") else "intermediate_size", inner)
    return type(config).from_dict(json.loads(made.to_json_string(use_diff=False)))


def _resize(made: Any, config: Any, width: int, heads: int) -> None:
    made.hidden_size, made.num_attention_heads = width, heads
    if hasattr(config, "pooler_hidden_size"):
        made.pooler_hidden_size = width
    if getattr(config, "head_dim", None):
        made.head_dim = width // heads
    if own := getattr(config, "num_key_value_heads", None):
        most = max(1, heads * own // config.num_attention_heads)
        made.num_key_value_heads = next(n for n in range(most, 0, -1) if heads % n == 0)


def cut_network(model: Any, kept: Sequence[int]) -> Any:
    """The classifier with only these layers; its tensors are those of `model`.

    It is built from its own config, so that it is what a folder with that config loads as: a
    layer's place may decide what it is made of, and its attention.
    """
    made, path = unset(shaped(model.config, kept)), layer_path(model)
    given = model.state_dict(keep_vars=True)
    for name, tensor in made.state_dict(keep_vars=True).items():
        tensor.data = given[_source(name, path, kept)].data
    return made.eval()


def can_be_cut(config: Any) -> bool:
    """Whether a network of this config can be cut to any of its layers; reads no weights."""
    try:
        with torch.device("meta"):
            whole, last = untrained(config), (config.num_hidden_layers - 1,)
            part = untrained(shaped(config, last))
            given, path = whole.state_dict(), layer_path(whole)
        return all(
            given[_source(name, path, last)].shape == tensor.shape
            for name, tensor in part.state_dict().items()
        )
    except (ValueError, KeyError, TypeError, AttributeError, NotImplementedError):
        return False


def _source(name: str, path: str, kept: Sequence[int]) -> str:
    """The name, in the whole network, of a weight of the cut one."""
    if not path or not name.startswith(path):
        return name
    place, _, rest = name.removeprefix(path).partition(".")
    return f"{path}{kept[int(place)]}.{rest}"
