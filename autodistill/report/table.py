"""A table as plain data, for the terminal and for a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Cell = str | int | float | None
"""None is an empty cell."""


@dataclass(frozen=True)
class Column:
    """How the cells of a column read."""

    name: str
    unit: str = ""
    format: str = ""
    """Format specification of a number, such as .4f."""
    align: Literal["left", "right"] = "left"
    is_long: bool = False
    """Sentences rather than a word: a terminal lists them below the table."""

    def text(self, cell: Cell) -> str:
        """One cell as a person reads it."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        return format(cell, self.format)


@dataclass(frozen=True)
class Table:
    """A title, columns, rows of values, and a note below them."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    marked: tuple[int, ...] = ()
    """Places of the rows to look at first."""

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """All cells as a person reads them."""
        return tuple(
            tuple(column.text(cell) for column, cell in zip(self.columns, row, strict=True))
            for row in self.rows
        )

    def without_empty_columns(self) -> "Table":
        """The same without columns in which no row has a value."""
        used = [
            i
            for i in range(len(self.columns))
            if any(row[i] not in (None, "") for row in self.rows)
        ]
        columns = tuple(self.columns[i] for i in used)
        rows = tuple(tuple(row[i] for i in used) for row in self.rows)
        return replace(self, columns=columns, rows=rows)


def text_table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Table:
    """A table whose cells are text already."""
    return Table(title, tuple(Column(head) for head in heads), tuple(map(tuple, rows)), note)
