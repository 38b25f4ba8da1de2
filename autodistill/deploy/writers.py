"""Predictions written as they come: CSV, TSV, JSON lines or parquet."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from autodistill.datasets._arrow import ArrowColumns
from autodistill.errors import DataError, SpecError
from autodistill.runtime import files
from autodistill.runtime.cache import refusals

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Endings of files that are written."""
Columns = Mapping[str, Sequence[Any]]


class Writer(Protocol):
    """A place for rows."""

    def write(self, own: Columns, predicted: Columns) -> None:
        """Add rows: columns of the input; then labels and, in columns behind, probabilities."""

    def close(self) -> None:
        """Complete what was written."""


def ending_of(out: Path) -> str:
    """The ending of a file that is written; raises SpecError for another one."""
    end = out.suffix.lower()
    if end not in ENDINGS:
        raise SpecError(
            f"--out {out}: files ending in '{out.suffix}' are not written; give one of "
            f"{', '.join(ENDINGS)}."
        )
    return end


@contextmanager
def opened(out: Path | None, end: str, names: Sequence[str]) -> Iterator[Writer]:
    """A writer to a file, which is there whole or not at all, or to standard output for None."""
    if out is None:
        stream = getattr(sys.stdout, "buffer", None)
        held = io.BytesIO() if stream is None else None
        writer = _WRITERS[end](held or stream or io.BytesIO(), names)
        yield writer
        writer.close()
        if held is not None:  # whoever took standard output away wants text
            sys.stdout.write(held.getvalue().decode())
        sys.stdout.flush()
        return
    with refusals(out), files.opened(out) as file:
        writer = _WRITERS[end](file, names)
        yield writer
        writer.close()


class Delimited:
    """CSV in UTF-8: values with a delimiter, a quote or a line end stand in quotes."""

    delimiter = ","

    def __init__(self, stream: BinaryIO, names: Sequence[str]) -> None:
        self._stream = stream
        self._add([names])

    def write(self, own: Columns, predicted: Columns) -> None:
        """Add rows."""
        columns = [*(list(map(_cell, column)) for column in own.values()), *predicted.values()]
        self._add(zip(*columns))

    def close(self) -> None:
        """Leave the stream to whoever opened it."""

    def _add(self, rows: Iterable[Sequence[Any]]) -> None:
        held = io.StringIO(newline="")
        csv.writer(held, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        self._stream.write(held.getvalue().encode("utf-8", "replace"))
        self._stream.flush()


class Tabbed(Delimited):
    """TSV."""

    delimiter = "\t"


class JsonLines:
    """One object a line."""

    def __init__(self, stream: BinaryIO, names: Sequence[str]) -> None:
        self._stream, self._names = stream, names

    def write(self, own: Columns, predicted: Columns) -> None:
        """Add rows."""
        rows = zip(*own.values(), *predicted.values())
        names = (*own, *predicted)
        lines = [
            json.dumps(dict(zip(names, map(plain, row))), ensure_ascii=False, default=str) + "\n"
            for row in rows
        ]
        self._stream.write("".join(lines).encode("utf-8", "replace"))
        self._stream.flush()

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


class Parquet:
    """Columns with the kinds that they had in a parquet file, or else that their values have."""

    def __init__(self, stream: BinaryIO, names: Sequence[str]) -> None:
        self._stream, self._names = stream, names
        self._writer: Any = None

    def write(self, own: Columns, predicted: Columns) -> None:
        """Add rows; raises DataError where a column changes its kind."""
        typed = own.typed if isinstance(own, ArrowColumns) else None
        arrays = {name: typed(name) if typed else _array(name, own[name]) for name in own}
        kinds = (pa.string(), *(pa.float64() for _ in predicted))
        arrays |= {n: pa.array(v, kind) for (n, v), kind in zip(predicted.items(), kinds)}
        table = pa.table(arrays)
        if self._writer is None:
            fields = [
                field.with_type(pa.string()) if pa.types.is_null(field.type) else field
                for field in table.schema
            ]
            self._writer = pq.ParquetWriter(self._stream, pa.schema(fields))
        try:
            self._writer.write_table(table.cast(self._writer.schema))
        except (pa.ArrowException, ValueError) as error:
            raise DataError(
                f"a column has values of several kinds ({str(error).splitlines()[0]}), which "
                "parquet cannot hold; write CSV or JSONL."
            ) from error

    def close(self) -> None:
        """Write the end of the file."""
        if self._writer is not None:
            self._writer.close()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value


def plain(value: Any) -> Any:
    """The value, or None for a number that JSON does not have."""
    return None if isinstance(value, float) and value - value != 0 else value


def _array(name: str, values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise DataError(
            f"column '{name}' has values of several kinds ({str(error).splitlines()[0]}), which "
            "parquet cannot hold; write CSV or JSONL."
        ) from error


_WRITERS: dict[str, Any] = {
    ".csv": Delimited,
    ".tsv": Tabbed,
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".parquet": Parquet,
}
