"""Quotation marks in delimited text: whether they enclose fields or are characters.

Read in the wrong way, a mark that begins a text swallows the rows up to the next one.
"""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autodistill.errors import DataError

csv.field_size_limit(2**31 - 1)  # the default refuses texts above 131,072 characters
ENOUGH = 8
"""Records that it takes to tell which columns repeat their values."""
REPEATS = 4
"""A column repeats its values where it has so many times more rows than different values."""


class Unbalanced(Exception):
    """Quotes that enclose nothing: what is wrong, and the line where the record begins."""


class Record(NamedTuple):
    """A row of fields, with its first and last line."""

    line: int
    last: int
    fields: list[str]


def parse(text: str, delimiter: str, *, quotes: bool = True) -> list[Record]:
    """The records of a text, without blank lines; raises Unbalanced."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
    )
    found, line = [], 1
    try:
        for fields in reader:
            if fields:
                found.append(Record(line, reader.line_num, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unbalanced(str(error), line) from error
    return found


def read_records(
    text: str, delimiter: str, path: Path, above: int = 0
) -> tuple[list[Record], tuple[str, ...]]:
    """The records, header first, and a note where quotes are read as characters.

    Raises DataError where quotes cannot be right; `above` lines stand before the text.
    """
    if '"' not in text:
        return parse(text, delimiter, quotes=False), ()
    problem, quoted = None, list[Record]()
    try:
        quoted = parse(text, delimiter)
    except Unbalanced as error:
        problem = error
    long = [record for record in quoted if record.last > record.line]
    if problem is None and not long and _is_even(quoted):
        return quoted, ()
    bare = parse(text, delimiter, quotes=False)
    if delimiter == "\t" and _is_even(bare) and not _encloses(bare):
        return bare, (f"quotation marks in {path.name} are read as characters of the texts",)
    if problem is not None:
        what, line = problem.args
        raise DataError(f"{path}, line {line + above}: {what}; {_remedy(text, line)}")
    if _is_even(quoted) and (record := _hides_rows(long, quoted, bare)):
        raise DataError(
            f"{path}, line {record.line + above}: a quotation mark opens a text that ends in line "
            f"{record.last + above}, and every line between them looks like a row of its own; "
            "write a mark inside a text twice and enclose the text in marks, or remove it."
        )
    return quoted, ()


def _is_even(records: Sequence[Record]) -> bool:
    """Whether all records have as many fields as the first."""
    return len({len(record.fields) for record in records}) == 1


def _encloses(bare: Sequence[Record]) -> bool:
    """Whether most fields with a mark at an end have one at both, or escape marks."""
    ends = [
        (field.startswith('"'), field.endswith('"') and len(field) > 1)
        for record in bare
        for field in record.fields
        if '"' in field
    ]
    both = sum(begins and closes for begins, closes in ends)
    one = sum(begins != closes for begins, closes in ends)
    escaped = any('\\"' in field for record in bare for field in record.fields)
    return escaped or both > one


def _hides_rows(
    long: Sequence[Record], quoted: Sequence[Record], bare: Sequence[Record]
) -> Record | None:
    """The first record over several lines whose every line looks like a row of the others.

    Such a line has all the fields, and known values where the other rows repeat theirs.
    """
    known = [record.fields for record in quoted[1:] if record.last == record.line]
    if len(known) < ENOUGH and _is_even(bare):
        known = [record.fields for record in bare[1:]]
    if len(known) < ENOUGH or not long:
        return None
    width = len(quoted[0].fields)
    values = [{fields[i] for fields in known if len(fields) == width} for i in range(width)]
    repeated = [i for i in range(width) if len(values[i]) * REPEATS <= len(known)]
    lines = {record.line: record.fields for record in bare}
    for record in long:
        inside = [lines[n] for n in range(record.line, record.last + 1) if n in lines]
        if repeated and all(
            len(fields) == width and all(fields[i] in values[i] for i in repeated)
            for fields in inside
        ):
            return record
    return None


def _remedy(text: str, line: int) -> str:
    shown = next(islice(io.StringIO(text, newline=""), line - 1, line), "")
    if '\\"' in shown:
        return (
            "a backslash does not mark a quote in CSV: write a quote inside a quoted field twice."
        )
    return "check the quotes there (a quote inside a quoted field is written twice)."
