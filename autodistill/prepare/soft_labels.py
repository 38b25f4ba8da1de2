"""Signals from a file of soft labels instead of a network."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows
from autodistill.datasets._files import read_file
from autodistill.datasets._labels import name_of, some
from autodistill.datasets._table import Table
from autodistill.errors import DataError, TeacherError
from autodistill.runtime.cache import once
from autodistill.runtime.progress import screen_here
from autodistill.training.signals import Signals

SMALLEST = 1e-6
SAME = 1e-6
"""Largest difference of two answers that are one."""
ROUNDED = 0.02
"""Distance of a row's sum from 1 that rounding explains."""
KEYS = ("row", "text")
"""Columns that say which row of the dataset a row of the file is about."""
DECIMAL_COMMA = re.compile(r"[+-]?0*,\d+|[+-]?\d+,(\d{1,2}|\d{4,})")
"""0,25 but not 1,234, which may be a thousand."""


def record_soft_labels(
    file: Path, rows: Rows, label_names: tuple[str, ...], folder: Path
) -> tuple[Path, bool]:
    """The folder with log-probabilities for these rows; True if written now.

    That is `folder`; or one beside it where `folder` holds other answers, as an older version read
    them, or for other classes. Raises TeacherError.
    """
    answers = np.log(probabilities(file, rows, label_names))
    if folder.exists() and not _holds(folder, answers):
        digest = hashlib.sha256(answers.tobytes() + "\0".join(label_names).encode()).hexdigest()
        folder = folder.with_name(f"{folder.name}-{digest[:8]}")
    return folder, once(folder, lambda draft: Signals(answers, {}).save(draft))


def _holds(folder: Path, answers: NDArray[np.float32]) -> bool:
    known = Signals.open(folder).logits
    return known.shape == answers.shape and np.allclose(known, answers, rtol=1e-2, atol=1e-2)


def probabilities(file: Path, rows: Rows, label_names: tuple[str, ...]) -> NDArray[np.float32]:
    """Class probabilities (rows, classes) from a file.

    Rows are matched by row id or by text, columns by label name.
    """
    try:
        table = read_file(file)
    except DataError as error:
        raise TeacherError(f"the teacher's file of labels cannot be read: {error}") from None
    columns = _class_columns(table, label_names)
    scores = np.stack([_numbers(table, name, file) for name in columns], axis=1)
    bad = np.flatnonzero(~np.isfinite(scores).all(1) | (scores < 0).any(1) | (scores.sum(1) <= 0))
    if len(bad):
        cells = [str(table.columns[name][bad[0]]) for name in columns]
        raise TeacherError(
            f"{file}: row {table.rows[bad[0]]} is not a distribution over the labels "
            f"({len(bad)} such rows): it holds {some(cells, 8)}; "
            "give numbers from 0 to 1 in every class column."
        )
    sums = scores.sum(1)
    if off := int((np.abs(sums - 1) > ROUNDED).sum()):
        screen_here().line(
            f"teacher   {file}: the numbers of {off:,} of {len(sums):,} rows do not add up to 1 "
            f"(from {sums.min():.4g} to {sums.max():.4g}); each row is divided by its sum"
        )
    shares = np.clip(scores / scores.sum(1, keepdims=True), SMALLEST, 1.0)
    shares = shares[_places(table, columns, rows, shares)]
    answers: NDArray[np.float32] = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    return answers


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


def _numbers(table: Table, name: str, file: Path) -> NDArray[np.float64]:
    return np.array([_number(value) for value in table.columns[name]], dtype=np.float64)


def _number(value: object) -> float:
    """A cell as a number, with a point or a comma; NaN where it is none."""
    if isinstance(value, str) and DECIMAL_COMMA.fullmatch(value.strip()):
        value = value.strip().replace(",", ".")
    try:
        return float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return math.nan


def _places(
    table: Table, classes: Sequence[str], rows: Rows, shares: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The row of the file for each task row."""
    free = {
        column.strip().lower(): column
        for column in reversed(tuple(table.columns))
        if column not in classes
    }
    key = next((k for k in KEYS if k in free and (k != "row" or rows.origin is not None)), None)
    if key is None:
        taken = [name for name in classes if name.strip().lower() in KEYS]
        why = f" (its column '{taken[0]}' is the class of that name)" if taken else ""
        raise TeacherError(
            f"{table.where} has neither a column 'row' nor a column 'text'{why}, so its rows "
            f"cannot be matched; its columns are {', '.join(table.columns)}. Add one of the two: "
            "'row' is the place in the train split, from 0."
        )
    wanted: list[object]
    if key == "row":
        assert rows.origin is not None
        keys: list[object] = list(_ids(table, free[key]))
        wanted = [int(r) for r in rows.origin]
    else:
        keys = [str(text).strip() for text in table.columns[free[key]]]
        wanted = [
            t.strip() if rows.second is None else f"{t.strip()} [SEP] {rows.second[i].strip()}"
            for i, t in enumerate(rows.first)
        ]
    where = _once_each(table, keys, shares)
    found = [where.get(w, -1) for w in wanted]
    if absent := [w for w, p in zip(wanted, found) if p < 0]:
        raise TeacherError(
            f"{table.where} has no soft labels for {len(absent)} of {len(rows)} training rows; "
            f"the first is {str(absent[0])[:60]!r}. Add them."
        )
    return np.asarray(found, dtype=np.int64)


def _ids(table: Table, column: str) -> list[int]:
    found = [_number(value) for value in table.columns[column]]
    for row, value, number in zip(table.rows, table.columns[column], found):
        if not number.is_integer():
            raise TeacherError(
                f"{table.where}: row {row} is {value!r} in the column '{column}'; "
                "give its place in the train split, from 0."
            )
    return [int(number) for number in found]


def _once_each(
    table: Table, keys: Sequence[object], shares: NDArray[np.float64]
) -> Mapping[object, int]:
    """The place of each key; raises TeacherError for two rows of one key that differ."""
    places, clashes = dict[object, int](), dict[object, list[int]]()
    for place, key in enumerate(keys):
        first = places.setdefault(key, place)
        if np.abs(shares[first] - shares[place]).max() > SAME:
            clashes.setdefault(key, [first]).append(place)
    if clashes:
        key, same = next(iter(clashes.items()))
        raise TeacherError(
            f"{table.where} has different answers to {len(clashes)} of its {len(places)} texts or "
            f"rows; the first is {str(key)[:60]!r}, in row {some([table.rows[i] for i in same])}. "
            "Keep one row of each, or write their mean."
        )
    return places
