"""Units: the inputs of a network's activations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from autodistill.components.students import layer_list


@contextmanager
def watched(network: Any) -> Iterator[list[Tensor]]:
    """A context that records the input of each ReLU.

    Without ReLUs, the outputs of the widening maps of a transformer's layers. Tensors are
    (batch, channels, height, width) or (batch, tokens, units); none for a network that has neither.
    """
    seen: list[Tensor] = []
    relus = [m for m in network.modules() if isinstance(m, nn.ReLU)]
    hooks: list[Any] = [m.register_forward_pre_hook(_keep_input(seen)) for m in relus]
    if not relus:
        hooks = [m.register_forward_hook(_keep_output(seen)) for m in _widening(network)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _keep_input(seen: list[Tensor]) -> Callable[[Any, Any], None]:
    return lambda _, given: seen.append(given[0])


def _keep_output(seen: list[Tensor]) -> Callable[[Any, Any, Any], None]:
    return lambda _, __, out: seen.append(out)


def _widening(network: Any) -> list[nn.Linear]:
    try:
        holder, name = layer_list(network)
    except ValueError:
        return []
    parts = (
        m for layer in getattr(holder, name) for m in layer.modules() if isinstance(m, nn.Linear)
    )
    return [m for m in parts if m.out_features > m.in_features]
