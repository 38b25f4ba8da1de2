"""Text for a terminal or a pipe: prose breaks between words, piped tables do not.

A pipe is read by people and by programs. Prose has the terminal's width there too (80 columns
where there is none): nobody greps for a line of it. A table keeps one row a line, so that `grep`
and `awk` find whole rows; its columns are as wide as their cells, yet no cell is padded beyond
24 columns. A line that begins with an option, four columns in, is there to be copied: it stays
whole.
"""

import csv
import io
import re
import shlex
import shutil
import textwrap
from collections.abc import Iterable, Sequence

WIDEST_PADDING = 24
_LABEL = re.compile(r"\s*(?:\S+(?: \S+){0,2} {2,})?")
"""The part of a line before its prose: spaces, or a label and two spaces or more."""


def terminal_width() -> int:
    """Columns of the terminal, or COLUMNS; 80 where neither says."""
    return shutil.get_terminal_size((80, 24)).columns


def fill(text: str, width: int, hang: int | None = None) -> str:
    """Lines that break between words alone; a word that is too wide stays whole.

    A line that goes on is indented to the end of its label, or to column `hang`.
    """
    return "\n".join(_fill_line(line, width, hang) for line in text.split("\n"))


def read_names(text: str) -> tuple[str, ...]:
    """The names in `a,b,c`; one that holds a comma is quoted, as in a line of CSV.

    Raises ValueError for quotes that do not match.
    """
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return tuple(name for line in lines for cell in line if (name := cell.strip()))


def write_names(names: Iterable[str]) -> str:
    """These names as one word for a shell: what `read_names` reads."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="").writerow(names)
    return shlex.quote(line.getvalue())


def rows_as_lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table for a pipe: the heads, then one line a row, two spaces between columns."""
    cells = [tuple(heads), *map(tuple, rows)]
    widths = [min(WIDEST_PADDING, max(map(len, column))) for column in zip(*cells)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells
    )


def first_line(error: BaseException) -> str:
    """An error in a line, for people; its type where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _fill_line(line: str, width: int, hang: int | None) -> str:
    if line.startswith("    --"):
        return line
    if hang is None:
        label = _LABEL.match(line)
        hang = label.end() if label else 0
        if hang > width // 2:
            hang = 0
    return "\n".join(
        textwrap.wrap(
            line,
            width,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
