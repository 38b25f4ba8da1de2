"""JSON: one object a line, or one array of objects."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autodistill.datasets._labels import some
from autodistill.datasets._table import Table
from autodistill.datasets._text import ESCAPED_HALF, whole
from autodistill.errors import DataError

REMEDY = "write one object per line."


def read_json(text: str, path: Path) -> Table:
    """The objects as rows; raises DataError with the line of the problem."""
    if text.lstrip().startswith("["):
        return _table(list(_array(text, path)), text, path)
    return read_json_lines(text, path)


def read_json_lines(text: str, path: Path, above: int = 0) -> Table:
    """The same for one object a line; so many lines stand above the text."""
    return _table(list(_lines(text, path, above)), text, path)


def _table(found: list[tuple[int, dict[str, Any]]], text: str, path: Path) -> Table:
    halves = [row for row, _ in found] if ESCAPED_HALF.search(text) else []
    names = dict.fromkeys(key for _, row in found for key in row)
    columns: dict[str, Sequence[Any]] = {
        name: [row.get(name) for _, row in found] for name in names
    }
    rows = [number for number, _ in found]
    if not halves:
        return Table(columns, rows, str(path))
    mended = {whole(name): [_mended(value) for value in values] for name, values in columns.items()}
    changed = [
        row
        for place, row in enumerate(rows)
        if any(mended[whole(n)][place] != columns[n][place] for n in names)
    ]
    note = f"{path.name}: half a character (such as half an emoji) is replaced in row"
    return Table(mended, rows, str(path), notes=(f"{note} {some(changed)}",) if changed else ())


def _mended(value: Any) -> Any:
    return whole(value) if isinstance(value, str) else value


def _lines(text: str, path: Path, above: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    wrong: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=above + 1):
        if not line.strip():
            continue
        try:
            yield number, _object(_parsed(line))
        except _NoObject as error:
            wrong.append((number, str(error)))
    if wrong:
        more = f" (so are {len(wrong)} lines: {some([n for n, _ in wrong])})"
        raise DataError(
            f"{path}, line {wrong[0][0]}: {wrong[0][1]}{more if len(wrong) > 1 else ''}; {REMEDY}"
        )


def _array(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        found = _parsed(text)
        if isinstance(found, list) and found and not isinstance(found[0], dict):
            raise _NoObject(f"a list of {type(found[0]).__name__}s instead of objects")
    except _NoObject as error:
        yield from _lines(text, path) if _is_one_line(text) else ()  # its message names the line
        raise DataError(f"{path}: {error}; {REMEDY}") from error
    for number, row in enumerate(found, start=1):
        try:
            yield number, _object(row)
        except _NoObject as error:
            raise DataError(f"{path}, element {number}: {error}; {REMEDY}") from error


def _is_one_line(text: str) -> bool:
    """Whether the first line is JSON of its own."""
    try:
        _parsed(text.lstrip().partition("\n")[0])
    except _NoObject:
        return False
    return True


class _NoObject(Exception):
    """The kind of value that a text holds instead of a JSON object."""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise _NoObject(f"not JSON ({error.msg} at {_at(error)})") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, or 5,000 brackets
        raise _NoObject(f"not JSON that can be read ({error})") from error


def _at(error: json.JSONDecodeError) -> str:
    line = f"line {error.lineno}, " if error.lineno > 1 else ""
    return f"{line}column {error.colno}"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NoObject(f"the name '{next(n for n in names if names.count(n) > 1)}' comes twice")
    return found


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _NoObject(f"{type(found).__name__} instead of an object")
    return found
