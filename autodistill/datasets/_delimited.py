"""CSV and TSV: the delimiter, the quotes and the header are found by looking.

A record that is wrong is reported with its line; no record is lost without a word.
"""

import re
from pathlib import Path

from autodistill.datasets._header import distinct
from autodistill.datasets._labels import some
from autodistill.datasets._quotes import Record, Unbalanced, parse, read_records
from autodistill.datasets._table import Table
from autodistill.errors import DataError

DELIMITERS = ",;\t|"
HINT = re.compile(r'"?sep=(.)"?;*\s*')
"""The first line that some spreadsheets write."""


def read_delimited(text: str, path: Path) -> Table:
    """The rows of a delimited text; raises DataError with the line of the problem."""
    first, _, rest = text.partition("\n")
    hint = HINT.fullmatch(first)
    if hint is not None:
        return read_cut(rest, path, hint[1], 1)
    return read_cut(text, path, delimiter_of(text, path))


def read_cut(text: str, path: Path, delimiter: str, above: int = 0) -> Table:
    """The same for a known delimiter; `above` lines are counted before the text's own."""
    records, notes = read_records(text, delimiter, path, above)
    if not records:
        return Table({}, (), str(path))
    written, body = records[0].fields, records[1:]
    named = len(written) - next(
        (i for i, name in enumerate(reversed(written)) if name.strip()), len(written)
    )
    _check_widths(body, named, len(written), path, above)
    for record in body:
        record.fields.extend([""] * (len(written) - len(record.fields)))
    filled = [record.fields for record in body]
    names, repeated = distinct(written)
    columns = {
        name: [fields[i] for fields in filled]
        for i, name in enumerate(names)
        if i < named or any(len(fields) > i and fields[i].strip() for fields in filled)
    }
    return Table(
        columns,
        [record.line + above for record in body],
        str(path),
        repeated=repeated & set(columns),
        notes=(*notes, *_unnamed(columns, names[named:], path)),
        header_line=True,
    )


def delimiter_of(text: str, path: Path) -> str:
    """The character that cuts the header into the most fields."""
    head = re.split("[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    if ".tsv" in path.suffixes and "\t" in head:
        return "\t"
    return max(DELIMITERS, key=lambda mark: _fields(head, mark))


def _fields(head: str, mark: str) -> int:
    try:
        return sum(len(record.fields) for record in parse(head, mark))
    except Unbalanced:
        return head.count(mark) + 1


def _check_widths(body: list[Record], named: int, width: int, path: Path, above: int) -> None:
    """Raises DataError for records with too few fields, or with values beyond the header's."""
    wrong = [
        r
        for r in body
        if not named <= len(r.fields) <= width
        and (len(r.fields) < named or any(field.strip() for field in r.fields[width:]))
    ]
    if wrong:
        lines = [r.line + above for r in wrong]
        more = f" (so are {len(wrong)} lines: {some(lines)})" if len(wrong) > 1 else ""
        raise DataError(
            f"{path}, line {lines[0]}: {len(wrong[0].fields)} fields but {width} in the "
            f"header{more}; put quotes around fields that contain the delimiter."
        )
    for record in body:
        del record.fields[width:]


def _unnamed(columns: dict[str, list[str]], names: tuple[str, ...], path: Path) -> list[str]:
    """A note on values in columns behind the header's last name."""
    rows = sum(
        any(values)
        for values in zip(*([v.strip() for v in columns[n]] for n in names if n in columns))
    )
    if not rows:
        return []
    return [
        f"{rows} rows of {path.name} have values behind the last named column; they are not read"
    ]
