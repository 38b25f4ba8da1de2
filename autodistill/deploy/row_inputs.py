"""The rows that a person wants predicted: a file, a stream, or a folder of images."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autodistill.datasets._chunks import ROWS, open_rows
from autodistill.datasets._image_folder import image_files
from autodistill.datasets._inputs import InputColumns, Wanted, input_columns, texts_of
from autodistill.datasets._table import Table
from autodistill.errors import DataError, SpecError


@dataclass(frozen=True)
class InputRows:
    """InputRows in chunks."""

    where: str
    """For messages."""
    chunks: Callable[[], Iterator[Table]]
    again: bool
    """Whether they can be read more than once."""
    is_json: bool = False
    typed: bool = False
    """Whether values may be other things than texts."""
    kind: str = ""
    """How they are read, where that had to be guessed."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Survey:
    """Knowledge of all rows, or of the first ones of a stream."""

    names: tuple[str, ...]
    """All columns."""
    columns: InputColumns
    rows: int | None
    """None for a stream."""
    holds_images: bool = False
    """Whether the images themselves stand in the column, not the names of their files."""


def open_inputs(name: str, format_: str, columns: Mapping[str, str], wanted: Wanted) -> InputRows:
    """The rows of this name; raises DataError or SpecError."""
    folder = Path(name).expanduser()
    if name != "-" and folder.is_dir():
        if not wanted.images:
            raise DataError(
                f"{name} is a folder, {wanted.who} reads texts; give a file of rows (CSV, TSV, "
                "JSONL, parquet)."
            )
        return InputRows(name, lambda: _images(folder), again=True)
    file = open_rows(name, format_, tuple(columns.values()))
    kind = file.kind if file.guessed else ""
    is_json, typed = file.kind in ("json", "jsonl"), file.kind not in ("csv", "lines")
    source = file.source
    return InputRows(
        str(source.where), file.chunks, source.again, is_json, typed, kind, source.notes
    )


def survey(
    rows: InputRows, named: Mapping[str, str], wanted: Wanted
) -> tuple[Survey, Iterator[Table]]:
    """Knowledge of the rows, and the rows from the first one on.

    A file is read to its end, so that its faults show before anything is predicted.
    """
    started = rows.chunks()
    first = next(started, None)
    if first is None or not len(first.rows):
        raise DataError(
            f"{rows.where} has columns ({', '.join(first.columns)}) but no rows; add texts."
            if first is not None and first.columns
            else f"{rows.where} is empty; it needs at least one text."
        )
    columns = _columns(first, named, wanted, rows.kind)
    holds = wanted.images and not isinstance(first.columns[columns.text][0], str | None)
    if not rows.again:
        return Survey(tuple(first.columns), columns, None, holds), _before(first, started)
    names, count = list(first.columns), 0
    for table in _before(first, started):
        names += [name for name in table.columns if name not in names]
        if rows.typed and not wanted.images:
            texts_of(table, columns, first=not count)
        count += len(table.rows)
    return Survey(tuple(names), columns, count, holds), rows.chunks()


def _columns(table: Table, named: Mapping[str, str], wanted: Wanted, kind: str) -> InputColumns:
    try:
        return input_columns(table, named, wanted)
    except (DataError, SpecError) as error:
        if kind != "csv":
            raise
        raise DataError(f"{error} Where each line is a text: --format lines.") from error


def _before(first: Table, rest: Iterator[Table]) -> Iterator[Table]:
    yield first
    yield from rest


def _images(folder: Path) -> Iterator[Table]:
    names = [path.relative_to(folder).as_posix() for path in image_files(folder)]
    if not names:
        raise DataError(f"{folder} has no images (and no subfolder has any); give images.")
    for start in range(0, len(names), ROWS):
        part = names[start : start + ROWS]
        yield Table({"image": part}, range(start + 1, start + len(part) + 1), f"{folder}/*")
