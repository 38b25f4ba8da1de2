"""Parquet and Arrow files read into tables."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from autodistill.datasets._header import distinct
from autodistill.datasets._table import Table
from autodistill.errors import DataError


class ArrowColumns(Mapping[str, Sequence[Any]]):
    """Columns of an Arrow table, turned into Python values when they are looked at."""

    def __init__(self, table: pa.Table, names: Sequence[str], where: str) -> None:
        self._columns = dict(zip(names, table.columns))
        self._where = where
        self._values: dict[str, Sequence[Any]] = {}

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self._values:
            try:
                self._values[name] = _as_text(self._columns[name]).to_pylist()
            except (pa.ArrowException, ValueError, OverflowError) as error:
                raise DataError(
                    f"{self._where}: the column '{name}' cannot be read "
                    f"({str(error).splitlines()[0]}); write texts or whole numbers."
                ) from error
        return self._values[name]

    def typed(self, name: str) -> pa.ChunkedArray:
        """A column as Arrow holds it."""
        return self._columns[name]

    def only(self, names: Sequence[str]) -> "ArrowColumns":
        """These columns alone."""
        table = pa.table([self._columns[name] for name in names], list(names))
        return ArrowColumns(table, names, self._where)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def from_arrow(table: pa.Table, where: str) -> Table:
    """An Arrow table as a `Table`, with the class names declared in its schema.

    The schema metadata is the one that the hub's libraries write.
    """
    names, repeated = distinct(table.column_names)
    return Table(
        ArrowColumns(table, names, where),
        range(1, len(table) + 1),
        where,
        _class_names((table.schema.metadata or {}).get(b"huggingface", b"{}")),
        repeated=repeated,
    )


def read_parquet(data: bytes, path: Path) -> Table:
    """The rows of a parquet file; raises DataError."""
    try:
        return from_arrow(pq.ParquetFile(io.BytesIO(data)).read(), str(path))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read as a parquet file ({str(error).splitlines()[0]}); "
            "write it again."
        ) from error


def read_arrow(data: bytes, path: Path) -> Table:
    """The rows of an Arrow file or stream; raises DataError."""
    try:
        source = pa.BufferReader(data)
        begun = pa.ipc.open_file if data.startswith(b"ARROW1") else pa.ipc.open_stream
        table = begun(source).read_all()
        table.validate(full=True)  # wrong offsets would end the process
        return from_arrow(table, str(path))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read as an Arrow file ({str(error).splitlines()[0]}); "
            "write it again."
        ) from error


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Bytes as text where all of them are UTF-8; any other column as it is."""
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        return column
    try:
        return column.cast(pa.large_string())
    except pa.ArrowException:
        return column


def _class_names(metadata: bytes) -> dict[str, tuple[str, ...]]:
    try:
        features = json.loads(metadata)["info"]["features"]
        return {
            name: tuple(map(str, feature["names"]))
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (ValueError, LookupError, TypeError, AttributeError):  # no metadata, or not the hub's
        return {}
