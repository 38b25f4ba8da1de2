"""A written student in torch: its network, and rows turned into what the network reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.students._passes import inputs_of
from autodistill.datasets import Rows
from autodistill.datasets._tables import Reading, open_table
from autodistill.deploy.engines import TorchNetwork
from autodistill.deploy.student import BATCH, Student
from autodistill.prepare.tokens import tokenize
from autodistill.training.onnx_files import example, traced
from autodistill.training.onnx_graph import Graph, write_graph
from autodistill.training.onnx_network import Inputs


@dataclass(frozen=True)
class Opened:
    """A student's network and how its rows are read."""

    folder: Path
    network: Any
    max_length: int
    """Tokens that a text is cut at; 0 for images."""
    pad_id: int

    @property
    def of_images(self) -> bool:
        """Whether it reads images, not texts."""
        return bool(self.network.main_input_name == "pixel_values")

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the logits."""
        named = self.network.config.id2label
        return tuple(named[i] for i in range(len(named)))

    @property
    def image_size(self) -> tuple[int, int] | None:
        """Height and width of an image; None for texts."""
        size = self.network.config.image_size if self.of_images else None
        return (size, size) if isinstance(size, int) else size and (size[0], size[1])

    def example(self, tokens: int, batch: int = 1, ends: int = 0) -> Inputs:
        """Rows of any content: `tokens` tokens each, or images; the last `ends` are padding."""
        return example(self.network, tokens, batch, ends, self.pad_id)

    def write_graph(self, place: Path) -> Graph:
        """Write it as a float32 file of ONNX; raises ExportError."""
        given = traced(self.network, self.pad_id)
        return write_graph(self.network, given, place, str(self.folder))

    def named(self, ids: NDArray[Any], mask: NDArray[Any], types: NDArray[Any]) -> Inputs:
        """The arrays that the network accepts, by argument; `ids` may be pixels."""
        tensors = map(torch.from_numpy, (ids, mask, types))
        return {name: t.numpy() for name, t in inputs_of(self.network, *tensors).items()}

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (rows, classes) in float32, by torch."""
        with torch.inference_mode():
            found = self.network(**{k: torch.from_numpy(v) for k, v in inputs.items()}).logits
            result: NDArray[np.float32] = found.float().numpy()
        return result

    def batches(self, rows: Rows, home: Path) -> list[Inputs]:
        """The rows as the network reads them, one by itself, then `BATCH` at a time.

        `home` is a folder for their tokens or pixels.
        """
        table = open_table(tokenize(self.folder, rows, self.max_length, home))
        return [self.named(*_read(table, part)) for part in _parts(len(rows))]


def open_student(folder: Path) -> Opened:
    """The student in a folder; raises SpecError where there is none, StorageError if damaged."""
    student = Student(folder, engine="torch")
    network = student.network
    assert isinstance(network, TorchNetwork)
    read = (0, 0) if student.of_images else (student.longest, student.pad_id)
    return Opened(folder, network.network.float(), *read)


def _parts(rows: int) -> Iterator[NDArray[np.int64]]:
    starts = [0, 1, *range(BATCH, rows, BATCH)]
    for begin, end in zip(starts, [*starts[1:], rows]):
        if begin < min(end, rows):
            yield np.arange(begin, min(end, rows))


def _read(table: Reading, rows: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
    ids, mask, types = table.batch(rows)
    return np.ascontiguousarray(ids), mask, types
