"""Tables of `ls` and `show`: fitted to a terminal, one row a line in a pipe."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autodistill.runtime.text import fill, rows_as_lines, terminal_width

PROSE = 20
"""Columns that a cell with several words needs to be read with ease."""


def print_text(text: str) -> None:
    """Prose, broken between words."""
    _console().print(fill(text, terminal_width()), soft_wrap=True)


def print_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], spare: Sequence[str] = ()
) -> tuple[str, ...]:
    """Print the columns that hold anything; return the heads of those left out.

    `spare` names columns that may be left out of a narrow terminal, the first of them first.
    """
    cells, console = [tuple(row) for row in rows], _console()
    used = [i for i in range(len(heads)) if any(row[i] for row in cells)] or [*range(len(heads))]
    if not console.is_terminal:
        text = rows_as_lines([heads[i] for i in used], ([row[i] for i in used] for row in cells))
        console.print(text, soft_wrap=True)
        return ()
    least = {i: _least_width([heads[i], *(row[i] for row in cells)]) for i in used}
    left_out: list[str] = []
    for head in spare:
        if sum(least[i] + 2 for i in used) > console.width and heads.index(head) in used:
            used.remove(heads.index(head))
            left_out.append(head)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for i in used:
        table.add_column(heads[i], overflow="fold", min_width=least[i], no_wrap=heads[i] == "name")
    for row in cells:
        table.add_row(*(Text(row[i]) for i in used))
    console.print(table)
    return tuple(left_out)


def _console() -> Console:
    """A console that prints texts as they are: [red] and :smile: may be somebody's names."""
    return Console(markup=False, emoji=False, highlight=False)


def _least_width(cells: Sequence[str]) -> int:
    """Columns in which no word is broken and prose is no tower of words."""
    word = max(len(word) for cell in cells for word in (cell.split() or [""]))
    return max(word, min(PROSE, max(map(len, cells))))
