"""One file read into a table, by its name's ending and by what it holds."""

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from autodistill.datasets._arrow import read_arrow, read_parquet
from autodistill.datasets._delimited import read_delimited
from autodistill.datasets._encoding import text_of
from autodistill.datasets._images import is_hidden
from autodistill.datasets._json import read_json
from autodistill.datasets._kinds import PACKED, kind_of, read_bytes, refuse_pointer
from autodistill.datasets._table import Table
from autodistill.errors import DataError

BY_SPLIT = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Endings of files that may be the split of a folder."""
READERS = (*BY_SPLIT, ".json", ".arrow")
"""Endings that are read."""
BINARY: dict[str, Callable[[bytes, Path], Table]] = {
    "a parquet file": read_parquet,
    "an Arrow file": read_arrow,
}
JSON = (".jsonl", ".ndjson", ".json")


def ending(path: Path) -> str:
    """The ending that names the format: .csv for reviews.csv.gz, too."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in PACKED else suffix


def missing(path: Path) -> str:
    """The message for a path where nothing is: near names, or what is there."""
    if not path.parent.is_dir():
        return (
            f"no file {path}: there is no folder {path.parent}; check the path "
            f"(the current folder is {Path.cwd()})."
        )
    around = (p for p in path.parent.iterdir() if not is_hidden(p))
    there = sorted(p.name for p in around if p.is_dir() or ending(p) in READERS)
    near = get_close_matches(path.name, there, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    shown = ", ".join(there[:8]) + (", ..." if len(there) > 8 else "")
    return (
        f"no file or folder {path}; {path.parent.resolve()} contains: "
        f"{shown or 'no data file'}.{hint}"
    )


def split_name(path: Path) -> str:
    """The split a file belongs to: train for train-00000-of-00001.parquet."""
    stem = Path(path.stem).stem if path.suffix.lower() in PACKED else path.stem
    return re.sub(r"-\d+-of-\d+$", "", stem)


def read_file(path: Path, *, labelled: bool = True) -> Table:
    """The rows of one file; raises DataError with the place of the problem."""
    kind = ending(path)
    if kind not in READERS:
        raise DataError(
            f"cannot read {path}: files ending in '{path.suffix}' are not supported; "
            f"save it as {', '.join(READERS)}."
        )
    data = read_bytes(path)
    refuse_pointer(data, path)
    table = _read(data, path, kind)
    if not len(table.rows):
        raise DataError(
            f"{path} has columns ({', '.join(table.columns)}) but no rows; add "
            f"{'labelled ' * labelled}texts."
            if table.columns
            else f"{path} is empty; it needs a text {'and a label ' * labelled}column and at least "
            "one row."
        )
    return table


def _read(data: bytes, path: Path, kind: str) -> Table:
    inside = kind_of(data)
    if inside in BINARY:
        return BINARY[inside](data, path)
    if not data.strip():
        return Table({}, (), str(path))
    if kind == ".parquet":
        return read_parquet(data, path)
    if inside or kind == ".arrow":
        raise DataError(
            f"{path} is {inside or 'no Arrow file'} by its content, not a {kind[1:].upper()} file; "
            "save it as CSV, in UTF-8."
        )
    text, notes = text_of(data, path)
    if not text.strip():
        return Table({}, (), str(path))
    table = (read_json if kind in JSON or is_json(text) else read_delimited)(text, path)
    return table.noting(*notes)


def is_json(text: str) -> bool:
    """Whether the first line is an object in JSON, whatever the file's name says."""
    if not text.startswith("{"):
        return False
    try:
        return isinstance(json.loads(text.partition("\n")[0]), dict)
    except (ValueError, RecursionError):
        return False
