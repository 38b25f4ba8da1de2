"""Tables read a few thousand rows at a time: memory does not grow with the file.

The rules are those of whole files (`_files`), which read each chunk.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from autodistill.datasets._arrow import from_arrow, read_arrow
from autodistill.datasets._delimited import HINT, delimiter_of, read_cut
from autodistill.datasets._encoding import text_of
from autodistill.datasets._files import BINARY, JSON
from autodistill.datasets._header import looks_like_a_row
from autodistill.datasets._images import COLUMNS as IMAGES
from autodistill.datasets._json import read_json, read_json_lines
from autodistill.datasets._kinds import kind_of
from autodistill.datasets._quotes import Unbalanced, parse
from autodistill.datasets._row_source import RowSource, open_source
from autodistill.datasets._table import PAIRS, TEXTS, Table
from autodistill.errors import DataError, SpecError, choose_from

FORMATS = ("auto", "csv", "jsonl", "lines", "parquet")
"""Ways to read rows; auto decides by name and content."""
ROWS, BYTES = 4096, 1 << 22
"""Rows and bytes of a chunk, at most; a row is never cut."""
COLUMN = "text"
"""The column of plain lines."""
SEEN = 20
"""Lines that are compared to tell a table from plain lines."""


@dataclass(frozen=True)
class RowFile:
    """A table in a file or a stream, and how it is read."""

    source: RowSource
    kind: str
    """csv, jsonl, json, lines, parquet or arrow."""
    guessed: bool = False
    """Whether neither its name nor a person said what kind it is."""

    def chunks(self) -> Iterator[Table]:
        """Its rows, in order; one empty table for none. Raises DataError."""
        return _READERS[self.kind](self.source)


def open_rows(name: str, wanted: str = "auto", columns: tuple[str, ...] = ()) -> RowFile:
    """The rows of a file, or of standard input for `-`; raises DataError or SpecError.

    `columns` are names that a header is known by, besides the usual ones.
    """
    if wanted not in FORMATS:
        raise SpecError(choose_from("format", wanted, FORMATS, "--format"))
    source = open_source(name)
    inside, end, head = kind_of(source.head), source.ending, source.head
    if inside in BINARY or "parquet" in (wanted, end[1:]):
        return RowFile(source, "arrow" if "Arrow" in inside else "parquet")
    if inside or end == ".arrow":
        raise DataError(
            f"{source.where} is {inside or 'no Arrow file'} by its content, not a table; save it "
            "as CSV, in UTF-8."
        )
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    array = re.match(r"\s*\[", text) is not None
    if wanted != "auto":
        return RowFile(source, "json" if wanted == "jsonl" and array else wanted)
    if end in JSON:
        return RowFile(source, "json" if array else "jsonl")
    if re.match(r"\s*\[\s*\{", text):
        return RowFile(source, "json", guessed=True)
    if re.match(r'\s*\{\s*("|\})', text):
        return RowFile(source, "jsonl", guessed=True)
    if end in (".csv", ".tsv"):
        return RowFile(source, "csv")
    kind = "csv" if _has_header(text, source.where, columns) else "lines"
    return RowFile(source, kind, guessed=True)


def _has_header(text: str, where: Path, columns: tuple[str, ...]) -> bool:
    """Whether the first line names columns, as far as the first lines can say."""
    mark = delimiter_of(text, where)
    try:
        rows = [r.fields for r in parse("\n".join(text.splitlines()[:SEEN]), mark)]
    except Unbalanced:
        rows = [line.split(mark) for line in text.splitlines()[:SEEN] if line]
    if not rows:
        return False
    names = {name.strip().lower() for name in rows[0]}
    usual = {*TEXTS, *IMAGES, *(c.lower() for c in columns)}
    if names & usual or any({a, b} <= names for a, b in PAIRS):
        return True
    even = len({len(row) for row in rows}) == 1 and len(rows) > 1 and len(rows[0]) > 1
    return even and not looks_like_a_row(rows[0], list(zip(*rows[1:])))


def _plain(source: RowSource) -> Iterator[Table]:
    lines, above = source.lines(), 0
    while raw := _some(lines):
        text, notes = text_of(b"".join(raw), source.where)
        texts = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
        rows = range(above + 1, above + len(texts) + 1)
        yield Table({COLUMN: texts}, rows, str(source.where), notes=notes)
        above += len(raw)


def _json_lines(source: RowSource) -> Iterator[Table]:
    lines, above = source.lines(), 0
    while raw := _some(lines):
        text, notes = text_of(b"".join(raw), source.where)
        table = read_json_lines(text, source.where, above)
        yield table.noting(*notes)
        above += len(raw)


def _delimited(source: RowSource) -> Iterator[Table]:
    lines, above, head = source.lines(), 0, list[bytes]()
    delimiter = ""
    for line in lines:
        if not line.strip():
            above += 1
        elif not above and (hint := HINT.fullmatch(line.decode("latin-1").rstrip("\r\n"))):
            above, delimiter = 1, hint[1]
        else:
            delimiter = delimiter or delimiter_of(line.decode("utf-8", "replace"), source.where)
            head = _records(chain((line,), lines), [], delimiter, 1)
            break
    raw = _some(lines)
    while head:
        raw = _records(lines, raw, delimiter, len(raw)) if raw else raw
        text, notes = text_of(b"".join(head + raw), source.where)
        yield read_cut(text, source.where, delimiter, above).noting(*notes)
        above += len(raw)
        if not (raw := _some(lines)):
            break


def _records(lines: Iterator[bytes], raw: list[bytes], delimiter: str, least: int) -> list[bytes]:
    """`raw` and the lines that complete its last record, `least` in all.

    Marks, delimiters and line ends are the same bytes in UTF-8 and Latin-1.
    """
    quoted = any(b'"' in line for line in raw) or not raw

    def fed() -> Iterator[str]:
        yield from (line.decode("latin-1") for line in [*raw])
        for line in lines:
            raw.append(line)
            yield line.decode("latin-1")

    reader = csv.reader(fed(), delimiter=delimiter, strict=True)
    try:
        while quoted and reader.line_num < least and next(reader, None) is not None:
            pass
    except csv.Error:  # marks that enclose nothing: who reads the chunk says so
        pass
    return raw


def _some(lines: Iterator[bytes]) -> list[bytes]:
    """The next lines, as many as a chunk has."""
    found, size = list[bytes](), 0
    for line in lines:
        found.append(line)
        size += len(line)
        if len(found) >= ROWS or size >= BYTES:
            break
    return found


def _parquet(source: RowSource) -> Iterator[Table]:
    above, where = 0, source.where
    try:
        opened = pq.ParquetFile(source.file or io.BytesIO(source.whole()))
        for batch in opened.iter_batches(batch_size=ROWS):
            table = from_arrow(pa.Table.from_batches([batch]), str(where))
            yield replace(table, rows=range(above + 1, above + len(batch) + 1))
            above += len(batch)
        if not above:
            yield from_arrow(opened.schema_arrow.empty_table(), str(where))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"{where} cannot be read as a parquet file ({str(error).splitlines()[0]}); "
            "write it again."
        ) from error


def _arrow(source: RowSource) -> Iterator[Table]:
    return _parts(read_arrow(source.whole(), source.where))


def _json(source: RowSource) -> Iterator[Table]:
    text, notes = text_of(source.whole(), source.where)
    return _parts(read_json(text, source.where).noting(*notes))


def _parts(table: Table) -> Iterator[Table]:
    for start in range(0, len(table.rows), ROWS):
        part = slice(start, start + ROWS)
        columns = {name: values[part] for name, values in table.columns.items()}
        yield replace(table, columns=columns, rows=table.rows[part])


_READERS: dict[str, Callable[[RowSource], Iterator[Table]]] = {
    "csv": _delimited,
    "jsonl": _json_lines,
    "json": _json,
    "lines": _plain,
    "parquet": _parquet,
    "arrow": _arrow,
}
