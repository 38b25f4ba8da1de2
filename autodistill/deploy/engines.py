"""Engines of a written student: arrays of tokens or pixels in, logits out.

torch runs the weights, onnxruntime the file that `autodistill export` writes beside them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import AutoModelForImageClassification, AutoModelForSequenceClassification

from autodistill.components.students._passes import inputs_of
from autodistill.components.teachers._tokenizer import positions_of
from autodistill.deploy.names import FLOAT32, INT8
from autodistill.errors import SpecError, StorageError, choose_from
from autodistill.runtime.quiet import quietly
from autodistill.runtime.text import first_line
from autodistill.training.onnx_network import Inputs, OnnxNetwork

ENGINES = ("auto", "torch", "onnx", "onnx-int8")
"""auto: onnxruntime where model.onnx is there, else torch where the weights are."""
ONNX = {"onnx": FLOAT32, "onnx-int8": INT8}
"""The file of each engine that reads one."""
DAMAGED = (OSError, ValueError, RuntimeError, LookupError, TypeError, ImportError, SafetensorError)
"""Errors of Transformers for folders that are not whole."""
WEIGHT_FILES = ("model*.safetensors", "pytorch_model*.bin")


class Network(Protocol):
    """A network that is ready to predict."""

    name: str
    """The engine and what it runs, for people."""

    def __call__(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (rows, classes)."""

    def longest(self) -> int | None:
        """Tokens of the longest text that it takes; None where nobody knows."""


def open_network(folder: Path, config: Any, engine: str, options: Mapping[str, Any]) -> Network:
    """The network in a folder, run by this engine; raises SpecError or StorageError.

    `options` are those of Transformers for loading the weights.
    """
    chosen = choose(folder, engine)
    if chosen == "torch":
        return TorchNetwork(folder, config, options)
    return OnnxNetwork(folder / ONNX[chosen])


def choose(folder: Path, engine: str) -> str:
    """The engine that runs this folder, by what is there; raises SpecError."""
    if engine not in ENGINES:
        raise SpecError(choose_from("engine", engine, ENGINES, "--engine"))
    there = [name for name, file in ONNX.items() if (folder / file).is_file()]
    if any(next(folder.glob(pattern), None) for pattern in WEIGHT_FILES):
        there.insert(1 if "onnx" in there else 0, "torch")
    if engine in there or (engine == "auto" and there):
        return there[0] if engine == "auto" else engine
    wanted = ONNX.get(engine, "model.safetensors")
    others = f"; what is there runs with --engine {there[0]}" if there else ""
    remedy = {
        "onnx": f"; write it with: autodistill export {folder} --onnx",
        "onnx-int8": f"; write it with: autodistill export {folder} --onnx --int8",
    }.get(engine, "")
    raise SpecError(f"{folder} has no {wanted}{remedy}{others}.")


class TorchNetwork:
    """The weights of a folder, in torch."""

    def __init__(self, folder: Path, config: Any, options: Mapping[str, Any]) -> None:
        images = any("Image" in name for name in config.architectures or ())
        kind = AutoModelForImageClassification if images else AutoModelForSequenceClassification
        try:
            with quietly():
                self.network: Any = kind.from_pretrained(folder, config=config, **options).eval()
        except DAMAGED as error:
            raise StorageError(
                f"the student in {folder} cannot be loaded ({first_line(error)}); copy the folder "
                "again, or write it again with `autodistill train`."
            ) from error
        self.name = f"torch {torch.__version__.partition('+')[0]}"

    def __call__(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (rows, classes)."""
        given = {name: torch.from_numpy(np.ascontiguousarray(x)) for name, x in inputs.items()}
        if "pixel_values" not in given:
            given = inputs_of(
                self.network,
                *(given[name] for name in ("input_ids", "attention_mask", "token_type_ids")),
            )
        with torch.inference_mode():
            found: NDArray[np.float32] = self.network(**given).logits.float().numpy()
        return found

    def longest(self) -> int | None:
        """Rows of its table of positions."""
        return positions_of(self.network)
