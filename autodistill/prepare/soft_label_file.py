"""A file of soft labels as it is read: its classes, its answers, what each row is about."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from autodistill.datasets._files import read_file
from autodistill.datasets._labels import name_of, some
from autodistill.datasets._table import Table
from autodistill.errors import DataError, TeacherError

SMALLEST = 1e-6
SAME = 1e-6
"""Largest difference of two answers that are one."""
ROUNDED = 0.02
"""Distance of a row's sum from 1 that rounding explains."""
KEYS = ("row", "text")
"""Columns that say which row of the dataset a row of the file is about."""
DECIMAL_COMMA = re.compile(r"[+-]?0*,\d+|[+-]?\d+,(\d{1,2}|\d{4,})")
"""0,25 but not 1,234, which may be a thousand."""


@dataclass(frozen=True)
class SoftLabels:
    """A file of soft labels as it is read."""

    table: Table
    classes: tuple[str, ...]
    """The column of each class."""
    shares: NDArray[np.float64]
    """(rows of the file, classes)."""
    notes: tuple[str, ...] = ()
    """Remarks for the user: rows that do not add up to 1, several answers to one text."""

    @cached_property
    def ids(self) -> Mapping[int, int] | None:
        """The row of the file for each place in the train split; None without such a column."""
        if "row" not in self._free:
            return None
        places = dict[int, int]()
        for place, number in enumerate(_ids(self.table, self._free["row"])):
            if number < 0:
                continue
            first = places.setdefault(number, place)
            if np.abs(self.shares[first] - self.shares[place]).max() > SAME:
                raise TeacherError(
                    f"{self.table.where} has different answers to {number} in its column "
                    f"'{self._free['row']}', in rows {self.table.rows[first]} and "
                    f"{self.table.rows[place]}. Keep one of them."
                )
        return places

    @cached_property
    def texts(self) -> Mapping[str, int] | None:
        """The row of the file for each text, or pair of texts; None without such a column."""
        if not self.text_column:
            return None
        places = dict[str, int]()
        for place, text in enumerate(self._texts()):
            places.setdefault(text, place)
        return places

    def averaged(self) -> "SoftLabels":
        """The mean for each text that has several answers; the file itself where none has.

        Rows that are found by their place keep their own.
        """
        if not self.text_column:
            return self
        texts, mean = np.array(self._texts(), dtype=object), self.shares.copy()
        by_text = np.ones(len(texts), dtype=bool)
        if "row" in self._free:
            by_text = np.array(_ids(self.table, self._free["row"])) < 0
        each = pd.DataFrame(self.shares[by_text])
        mean[by_text] = each.groupby(texts[by_text]).transform("mean").to_numpy()
        differ = set(texts[np.abs(mean - self.shares).max(axis=1) > SAME])
        if not differ:
            return self
        note = (
            f"{self.table.where} has several answers to {len(differ):,} of its {len(set(texts)):,} "
            "texts: their mean counts"
        )
        return replace(self, shares=mean, notes=(*self.notes, note))

    def _texts(self) -> list[str]:
        return [str(text).strip() for text in self.table.columns[self.text_column]]

    @property
    def text_column(self) -> str:
        """The name of the column with the texts; empty where none is beyond doubt.

        That is 'text', or the only one of words.
        """
        words = [name for name in self._free.values() if _of_words(self.table.columns[name])]
        return self._free.get("text", words[0] if len(words) == 1 else "")

    @cached_property
    def _free(self) -> Mapping[str, str]:
        """The columns that are no class, by their plain name."""
        columns = reversed(tuple(self.table.columns))
        return {name.strip().lower(): name for name in columns if name not in self.classes}


def read_answers(file: Path, label_names: tuple[str, ...]) -> SoftLabels:
    """The answers in a file, as shares of each row's sum; raises TeacherError."""
    try:
        table = read_file(file)
    except DataError as error:
        raise TeacherError(f"the teacher's file of labels cannot be read: {error}") from None
    columns = _class_columns(table, label_names)
    scores = np.stack([_numbers(table, name) for name in columns], axis=1)
    bad = np.flatnonzero(~np.isfinite(scores).all(1) | (scores < 0).any(1) | (scores.sum(1) <= 0))
    if len(bad):
        cells = [str(table.columns[name][bad[0]]) for name in columns]
        raise TeacherError(
            f"{file}: row {table.rows[bad[0]]} is not a distribution over the labels "
            f"({len(bad)} such rows): it holds {some(cells, 8)}; "
            "give numbers from 0 to 1 in every class column."
        )
    sums, notes = scores.sum(1), tuple[str, ...]()
    if off := int((np.abs(sums - 1) > ROUNDED).sum()):
        notes = (
            f"{file}: the numbers of {off:,} of {len(sums):,} rows do not add up to 1 "
            f"(from {sums.min():.4g} to {sums.max():.4g}); each row is divided by its sum",
        )
    shares = np.clip(scores / scores.sum(1, keepdims=True), SMALLEST, 1.0)
    return SoftLabels(table, tuple(columns), shares, notes).averaged()


def class_columns_of(file: Path) -> tuple[str, ...]:
    """The classes of a file that no dataset names: its columns of numbers that add up to 1.

    Raises TeacherError.
    """
    try:
        table = read_file(file)
    except DataError as error:
        raise TeacherError(f"the teacher's file of labels cannot be read: {error}") from None
    found = {
        name: values
        for name in table.columns
        if name.strip().lower() not in KEYS and not np.isnan(values := _numbers(table, name)).any()
    }
    sums = np.sum(list(found.values()), axis=0) if found else np.zeros(1)
    if len(found) < 2 or np.abs(sums - 1).max() > ROUNDED:
        raise TeacherError(
            f"{file}: without labels in the dataset, its columns of numbers are the classes "
            f"({', '.join(found) or 'none'}), and have to add up to 1 in each row. Leave out other "
            "columns of numbers."
        )
    return tuple(found)


def _class_columns(table: Table, label_names: Sequence[str]) -> list[str]:
    """The column of each class: by its name, or but for case where that is beyond doubt."""
    plain: dict[str, list[str]] = {}
    for column in table.columns:
        plain.setdefault(_folded(column), []).append(column)
    exact = {name_of(column) or column: column for column in reversed(tuple(table.columns))}
    taken = {exact[name] for name in label_names if name in exact}
    found, missing = list[str](), list[str]()
    for name in label_names:
        alike = plain.get(_folded(name), [])
        if name in exact:
            found.append(exact[name])
        elif len(alike) == 1 and alike[0] not in (*taken, *found):
            found.append(alike[0])
        else:
            missing.append(name)
    if missing:
        raise TeacherError(
            f"{table.where} has no column for the label {', '.join(missing)}; its columns are "
            f"{', '.join(table.columns)}. Rename or add the columns."
        )
    if twice := sorted(table.repeated & set(found)):
        raise TeacherError(f"{table.where} has the column '{twice[0]}' twice; rename one of them.")
    return found


def _folded(name: str) -> str:
    return (name_of(name) or "").lower()


def _of_words(cells: Sequence[object]) -> bool:
    """Whether a column has words in some cell, and no cell is empty."""
    return all(isinstance(cell, str) and cell.strip() for cell in cells) and not all(
        map(math.isfinite, map(_number, cells))
    )


def _numbers(table: Table, name: str) -> NDArray[np.float64]:
    return np.array([_number(value) for value in table.columns[name]], dtype=np.float64)


def _number(value: object) -> float:
    """A cell as a number, with a point or a comma; NaN where it is none."""
    if isinstance(value, str) and DECIMAL_COMMA.fullmatch(value.strip()):
        value = value.strip().replace(",", ".")
    try:
        return float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return math.nan


def _ids(table: Table, column: str) -> list[int]:
    found = [_number(value) for value in table.columns[column]]
    for row, value, number in zip(table.rows, table.columns[column], found):
        if not number.is_integer():
            raise TeacherError(
                f"{table.where}: row {row} is {value!r} in the column '{column}'; "
                "give its place in the train split, from 0."
            )
    return [int(number) for number in found]
