"""A student as an ONNX file: export by torch, and its run by onnxruntime."""

import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.errors import ExportError
from autodistill.runtime.files import why_full
from autodistill.runtime.quiet import quietly
from autodistill.training.onnx_network import Inputs, OnnxNetwork

OPSET = 18
"""Version of the ONNX operators: onnxruntime 1.14 and later run it."""
PACKAGES = ("onnx", "onnxruntime", "onnxscript")
MOST_BYTES = 2 * 10**9
"""Weights that one ONNX file can hold: 2 GB, protobuf's limit."""
EXPORTERS = ("torch.export", "TorchScript")
"""Ways to export, in the order in which they are tried: loops over packed rows need the older."""
Axes = Mapping[str, tuple[str, ...]]
"""Names of the sizes of each input that may change."""


@dataclass(frozen=True)
class Graph:
    """The inputs of an exported file, and the exporter that wrote it."""

    exporter: str
    inputs: tuple[tuple[str, str, tuple[str | int, ...]], ...]
    """Name, type and shape of each input; a name in a shape is any size."""


def require_packages(what: str = "ONNX export") -> None:
    """Raises ExportError where a package of the extra `onnx` is not installed."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise ExportError(
            f"{what} needs the package{'s' * (len(missing) > 1)} {', '.join(missing)}: "
            "pip install 'kd-autodistill[onnx]'"
        )


def write_graph(network: Any, given: Inputs, place: Path, whose: str) -> Graph:
    """Write the float32 network with any batch and any number of tokens; raises ExportError.

    `given` is an example of at least two rows, and of two tokens; `whose` names it for people.
    """
    size = sum(p.numel() * p.element_size() for p in network.state_dict().values())
    if size > MOST_BYTES:
        raise ExportError(
            f"{whose} has {size / 1e9:.1f} GB of weights, one ONNX file holds at most "
            f"{MOST_BYTES / 1e9:.0f} GB; use a smaller student."
        )
    sizes = ("batch",) if "pixel_values" in given else ("batch", "tokens")
    axes = dict.fromkeys(given, sizes)
    faults = []
    for exporter in EXPORTERS:
        try:
            with hushed():
                write = _by_export if exporter == EXPORTERS[0] else _by_script
                write(network, given, axes, place)
            OnnxNetwork(place, 0)(given)
        except Exception as error:  # both exporters raise whatever a network's code does
            if why_full(error):
                raise
            faults.append(f"{exporter}: {_reason(error)}")
            place.unlink(missing_ok=True)
        else:
            shapes = {n: (*axes[n], *x.shape[len(axes[n]) :]) for n, x in given.items()}
            return Graph(exporter, tuple((n, str(x.dtype), shapes[n]) for n, x in given.items()))
    kind = network.config.model_type
    raise ExportError(
        f"{whose} cannot be exported: a network of the type '{kind}' has parts that ONNX "
        f"does not hold ({'; '.join(faults)}). Nothing was written; use another student."
    )


class _Logits(nn.Module):
    """A network that takes tensors in a fixed order and gives its logits alone."""

    def __init__(self, network: Any, names: tuple[str, ...]) -> None:
        super().__init__()
        self.network = network
        self.names = names

    def forward(self, *given: Tensor) -> Tensor:
        found: Tensor = self.network(**dict(zip(self.names, given))).logits
        return found


def _by_export(network: Any, given: Inputs, axes: Axes, place: Path) -> None:
    sizes = {name: torch.export.Dim(name) for name in ("batch", "tokens")}
    shapes = tuple({i: sizes[axis] for i, axis in enumerate(axes[name])} for name in given)
    program = torch.onnx.export(
        _Logits(network, tuple(given)).eval(),
        tuple(map(torch.from_numpy, given.values())),
        input_names=list(given),
        output_names=["logits"],
        dynamic_shapes=(shapes,),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(place, external_data=False)


def _by_script(network: Any, given: Inputs, axes: Axes, place: Path) -> None:
    torch.onnx.export(
        _Logits(network, tuple(given)).eval(),
        tuple(map(torch.from_numpy, given.values())),
        str(place),
        input_names=list(given),
        output_names=["logits"],
        dynamic_axes={n: dict(enumerate(a)) for n, a in axes.items()} | {"logits": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


@contextmanager
def hushed() -> Iterator[None]:
    """The exporters' own lines are for who writes exporters."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with quietly(), redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(before)


def _reason(error: BaseException) -> str:
    """The first line of the innermost error."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__} {lines[0].strip()[:160] if lines else ''}".strip()
