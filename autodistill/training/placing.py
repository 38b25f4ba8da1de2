"""Tensors and networks on the device of a training, while it uses them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.components.mixups import Mix
from autodistill.runtime.device import Device


def moved(value: Any, device: torch.device) -> Any:
    """The value with its tensors and networks on the device; a network is moved itself."""
    match value:
        case Tensor() | Mix() | nn.Module():
            return value.to(device)
        case dict():
            return {key: moved(each, device) for key, each in value.items()}
        case list():
            return [moved(each, device) for each in value]
    return value


def place(thing: Any, device: torch.device) -> None:
    """Bring what an object holds as attributes to the device: tensors and networks.

    For objects that Lightning does not know of, as they are no modules.
    """
    for name, value in vars(thing).items():
        if not name.startswith("_") and (there := moved(value, device)) is not value:
            setattr(thing, name, there)


@contextmanager
def placed(network: nn.Module, device: Device) -> Iterator[torch.device]:
    """A context in which the network is on the device; afterwards it is where it was.

    To be entered before inference mode: weights that are moved inside cannot be trained afterwards.
    """
    before = next(network.parameters()).device
    there = torch.device(device.place)
    if before == there:
        yield there
        return
    network.to(there)
    try:
        yield there
    finally:
        network.to(before)
