"""A card that is not there: its tensors have shapes and a device, but no values.

PyTorch's FakeTensorMode makes such tensors, and refuses to compute with those of two devices. A
build of PyTorch without CUDA cannot index tensors of the device `cuda`, not even fake ones; so this
device is called `card`, which PyTorch lets a program add. It stays for the rest of the process.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import Tensor
from torch._subclasses import FakeTensorMode
from torch._subclasses.fake_tensor import FakeTensor
from torch.fx.experimental.symbolic_shapes import ShapeEnv
from torch.overrides import TorchFunctionMode
from torch.utils import backend_registration
from torch.utils._python_dispatch import _disable_current_modes

from autodistill.components.students._networks import words
from autodistill.search.screening import scoring

CARD = "card:0"
ONE = {"item": 1.0, "__bool__": True, "__int__": 1, "__float__": 1.0, "__index__": 1}
"""The values that stand for those that a fake tensor has not."""


class _Backend(backend_registration._DummyBackendModule):
    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        """For autocast."""
        return [torch.bfloat16]


def add_the_device() -> None:
    """Teach this process the device `card`."""
    backend_registration._setup_privateuseone_for_python_backend("card", backend_module=_Backend())


@contextmanager
def fake_card(masks: list[int]) -> Iterator[None]:
    """A context in which tensors are fake, and real ones that were not moved are refused.

    `masks`: how many elements the masks select that tensors are indexed with, one after the other.
    """
    shapes = ShapeEnv(allow_scalar_outputs=True, allow_dynamic_output_shape_ops=True)
    mode = FakeTensorMode(allow_non_fake_inputs=False, shape_env=shapes)
    with mode, ExitStack() as stack:
        for place, name, instead in (
            (torch, "from_numpy", _from_values),  # no mode sees it
            (FakeTensorMode, "__deepcopy__", lambda self, _: self),
            (words, "pack_padded_sequence", _packed),  # needs values
            (words, "pad_packed_sequence", lambda states, **_: (states, None)),
            (scoring, "at_random", _made_outside(scoring.at_random)),
        ):
            stack.enter_context(mock.patch.object(place, name, instead, create=True))
        stack.enter_context(Values(masks))
        yield


@contextmanager
def moving() -> Iterator[None]:
    """The moment before the first step, in which modules are moved to the card."""
    with mock.patch.object(Values, "moves", True):
        yield


def _packed(rows: Tensor, lengths: Tensor, **_: Any) -> Tensor:
    assert lengths.device.type == "cpu"
    return rows


def _made_outside(make: Any) -> Any:
    def made(*asked: Any) -> Any:
        with torch._C.DisableTorchFunction(), _disable_current_modes():
            return make(*asked)

    return made


class Masks(TorchFunctionMode):
    """Counts what masks select, in a run on the CPU."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[int] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is Tensor.__getitem__ and _is_mask(args[1]):
            self.counts.append(int(args[1].sum()))
        return func(*args, **(kwargs or {}))


class Values(TorchFunctionMode):
    """Gives ones for the values of fake tensors; arrays become fake tensors of the CPU."""

    moves = False
    """Whether real tensors may be brought to the card now."""

    def __init__(self, masks: list[int]) -> None:
        super().__init__()
        self.masks = list(masks)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if func in (torch.tensor, torch.as_tensor):
            return _from_values(args[0], **kwargs)
        if args and isinstance(first := args[0], Tensor):
            if name == "to" and self.moves and not isinstance(first, FakeTensor):
                return torch.empty(first.shape, dtype=first.dtype, device=CARD)
            if name == "numpy":
                if first.device.type != "cpu":
                    raise TypeError(f"a tensor of the device {first.device} has no numpy()")
                return np.ones(first.shape, dtype=str(first.dtype).removeprefix("torch."))
            if name == "__getitem__" and self.masks and _is_mask(args[1]):
                mask = args[1]
                some = torch.zeros(self.masks.pop(0), dtype=torch.long, device=first.device)
                return first.flatten(0, mask.dim() - 1)[some] if mask.device == first.device else 0
            if name == "tolist":
                return np.ones(first.shape).tolist()
            if name in ONE:
                return ONE[name]
        return func(*args, **kwargs)


def _is_mask(index: Any) -> bool:
    return isinstance(index, Tensor) and index.dtype == torch.bool


def _from_values(values: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """A fake tensor of the size of these values."""
    if isinstance(values, Tensor):
        return values.to(dtype=dtype or values.dtype, device=device or values.device)
    array = np.asarray(values)
    kind: torch.dtype = dtype or getattr(torch, array.dtype.name)
    if dtype is None and kind == torch.float64 and not isinstance(values, np.ndarray):
        kind = torch.float32
    return torch.empty(array.shape, dtype=kind, device=device)
