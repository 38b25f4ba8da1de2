"""The inputs of a network in a table without labels: which columns, and rows that lack one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodistill.datasets._images import COLUMNS as IMAGES
from autodistill.datasets._images import are_images
from autodistill.datasets._source import RawSplit
from autodistill.datasets._table import (
    TEXTS,
    Table,
    check_named,
    choose_texts,
    not_found,
    without_header,
)
from autodistill.datasets._usable import MOSTLY, as_texts, empty_places
from autodistill.errors import DataError


@dataclass(frozen=True)
class Wanted:
    """The kind of rows that a network reads."""

    who: str
    """For messages: its folder."""
    images: bool = False
    pairs: bool | None = None
    """Whether it reads pairs of texts; None where nobody knows."""


@dataclass(frozen=True)
class InputColumns:
    """The columns that are read."""

    text: str
    pair: str | None = None

    def __str__(self) -> str:
        pair = f", pair = `{self.pair}`" if self.pair else ""
        return f"text = `{self.text}`{pair}"


def input_columns(table: Table, named: Mapping[str, str], wanted: Wanted) -> InputColumns:
    """The columns that a user named, or well-known ones; raises DataError or SpecError."""
    check_named(table, named)
    text, pair = choose_texts(table, named)
    if wanted.pairs is False and "pair" not in named:
        usual = {name.lower(): name for name in reversed(tuple(table.columns))}
        single = next((usual[name] for name in (*TEXTS, *IMAGES) if name in usual), None)
        text, pair = named.get("text") or single, None
    if text is None and len(table.columns) == 1 and not without_header(table):
        text = next(iter(table.columns))
    if text is None:
        raise DataError(not_found("text", table, (*TEXTS, *IMAGES)))
    if twice := [name for name in (text, pair) if name in table.repeated]:
        raise DataError(
            f"{table.where} has the column '{twice[0]}' twice; rename one of them, or name another "
            "one."
        )
    if pair is None and wanted.pairs:
        raise DataError(
            f"{wanted.who} reads pairs of texts, and {table.where} has one text a row in column "
            f"'{text}'; its columns: {', '.join(table.columns)}. Name the other one "
            "(--column pair=COLUMN)."
        )
    _check_kind(table, text, wanted)
    return InputColumns(text, pair)


def _check_kind(table: Table, text: str, wanted: Wanted) -> None:
    """Raises DataError for images in the place of texts, and for texts in that of images."""
    if not len(table.rows) or (found := are_images(table.columns[text])) == wanted.images:
        return
    have, need = ("images", "texts") if found else ("texts", "images")
    raise DataError(
        f"{table.where} has {have} in column '{text}', {wanted.who} reads {need}; name a column of "
        f"{need} (--column text=COLUMN)."
    )


def texts_of(
    table: Table, columns: InputColumns, *, first: bool
) -> tuple[Sequence[Any], Sequence[Any] | None, list[str]]:
    """The texts and second texts, None where a row lacks one, and notes.

    `first`: whether these rows begin the table, and so decide whether numbers may be texts. Raises
    DataError for values that are no texts.
    """
    found, notes = list[Sequence[Any]](), list[str]()
    split = RawSplit((), None, None, table.where, table.rows)
    for name in filter(None, (columns.text, columns.pair)):
        values = table.columns.get(name, [None] * len(table.rows))
        texts, more = as_texts(split, values, name, mostly=MOSTLY if first else 1.0)
        empty = set(empty_places(texts))
        found.append([None if i in empty else text for i, text in enumerate(texts)])
        notes += more
    return found[0], found[1] if columns.pair else None, notes
