"""A file of ONNX as a network: arrays of tokens or pixels in, logits out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.errors import SpecError, StorageError
from autodistill.runtime.text import first_line

Inputs = Mapping[str, NDArray[Any]]
"""input_ids, attention_mask and token_type_ids, each (rows, tokens); or pixel_values."""


class OnnxNetwork:
    """A file of ONNX, in onnxruntime, on the processor."""

    def __init__(self, file: Path, threads: int | None = None, *, spins: bool = False) -> None:
        """`threads`: as many as torch has if None, one per core for 0.

        Idle threads that spin are faster, and starve everything else on a shared machine.
        """
        try:
            import onnxruntime  # an extra: most students run without it
        except ImportError:
            raise SpecError(
                f"{file} needs onnxruntime, which is not installed: pip install "
                "'kd-autodistill[onnx]'. Or run the weights: --engine torch."
            ) from None
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = torch.get_num_threads() if threads is None else threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spins)))
        try:
            self.session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors have no common class but this one
            raise StorageError(
                f"{file} cannot be loaded ({first_line(error)}); export it again, or run the "
                "weights: --engine torch."
            ) from error
        self.takes = tuple(given.name for given in self.session.get_inputs())
        outputs = [given.name for given in self.session.get_outputs()]
        self._gives = "logits" if "logits" in outputs else outputs[0]
        self.name = f"onnxruntime {onnxruntime.__version__}, {file.name}"

    def __call__(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (rows, classes)."""
        given = {name: inputs[name] for name in self.takes}
        found: NDArray[np.float32] = self.session.run([self._gives], given)[0]
        return found.astype(np.float32, copy=False)

    def longest(self) -> int | None:
        """Nothing: the file does not say."""
        return None
