"""Arrays on disk, written through the file and never through memory.

A page of a mapped file that finds no room on the disk kills the process (SIGBUS); a write to the
file raises an error that can be told.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autodistill.runtime import files


def save(place: Path, array: Any) -> None:
    """Write a .npy file."""
    with files.opened(place) as file:
        np.lib.format.write_array(_Plain(file), np.asanyarray(array), allow_pickle=False)


def save_many(place: Path, arrays: Mapping[str, Any]) -> None:
    """Write an .npz file."""
    with files.opened(place) as file:
        np.savez(file, **{name: np.asanyarray(array) for name, array in arrays.items()})


class _Plain:
    """A file that numpy does not recognise, whose errors keep the system's number.

    To files that it knows numpy writes by itself, and says of a full disk only how much fitted.
    """

    def __init__(self, file: Any) -> None:
        self.write = file.write


class RowFile:
    """A .npy file whose rows are written in any order; use it in a `with` block."""

    def __init__(self, place: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> None:
        self.place = place
        self.dtype = np.dtype(dtype)
        self.shape = shape

    def __enter__(self) -> Self:
        self.file = self.place.open("wb", buffering=0)
        head = {
            "descr": np.lib.format.dtype_to_descr(self.dtype),
            "fortran_order": False,
            "shape": self.shape,
        }
        np.lib.format.write_array_header_1_0(self.file, head)
        self.start = self.file.tell()
        self.row_bytes = self.dtype.itemsize * int(np.prod(self.shape[1:]))
        self.file.truncate(self.start + self.shape[0] * self.row_bytes)
        return self

    def write(self, rows: NDArray[np.int64], values: NDArray[Any]) -> None:
        """Write the values of these rows; runs of neighbours are written at once."""
        order = np.argsort(rows, kind="stable")
        ordered = np.asarray(rows)[order]
        data = np.ascontiguousarray(values[order], dtype=self.dtype)
        for run in np.split(np.arange(len(ordered)), np.flatnonzero(np.diff(ordered) != 1) + 1):
            if len(run) and self.row_bytes:
                part = data[run[0] : run[-1] + 1]
                _write_at(
                    self.file.fileno(),
                    part.data.cast("B"),
                    self.start + int(ordered[run[0]]) * self.row_bytes,
                )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()


@contextmanager
def row_files(
    folder: Path, dtype: DTypeLike, shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[list[RowFile]]:
    """Several such files in one folder, by name."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(RowFile(folder / name, dtype, shape))
            for name, shape in shapes.items()
        ]


def _write_at(descriptor: int, data: memoryview, place: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, place)
        data, place = data[written:], place + written
