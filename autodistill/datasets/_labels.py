"""Labels as written turned into class indices, and checks that they are classes."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._source import Label, RawSplit
from autodistill.datasets._text import shows_nothing
from autodistill.errors import DataError

WHOLE = re.compile(r"^([+-]?\d+)\.0+$")
MAX_CLASSES = 1000
MIN_ROWS = 20
LONGEST = 100
"""Characters of a value that a message shows."""


def name_of(label: Label) -> str | None:
    """The class name of one label as written; None when it is missing."""
    match label:
        case None:
            return None
        case bool() | int():
            return str(label)
        case float():
            return (
                None
                if math.isnan(label)
                else str(int(label))
                if label.is_integer()
                else repr(label)
            )
        case str():
            name = label.strip()
            return None if shows_nothing(name) else WHOLE.sub(r"\1", name)


def is_labelled(split: RawSplit) -> bool:
    """Whether the split has labels; the hub hides those of a test split as -1."""
    return any(label not in (None, "", -1, "-1") for label in split.labels or ())


def sort_names(names: set[str]) -> tuple[str, ...]:
    """Numbers sorted by value, names alphabetically."""
    try:
        values = {name: float(name) for name in names}
    except ValueError:
        return tuple(sorted(names))
    finite = all(
        map(math.isfinite, values.values())
    )  # a class may be called nan, which has no place among numbers
    return tuple(sorted(names, key=lambda name: (values[name] if finite else 0, name)))


def some(values: Sequence[object], most: int = 5) -> str:
    """The first few values, for a message."""
    rest = len(values) - most
    shown = [
        text if len(text := str(value)) <= LONGEST else f"{text[:LONGEST]}..."
        for value in values[:most]
    ]
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def class_names(train: RawSplit, splits: int) -> tuple[str, ...]:
    """Names of all classes in train; raises DataError for labels that are no classes.

    `splits` is the number of parts that train will be cut into.
    """
    written = written_names(train)
    place = f"column '{train.label_column}' of {train.where}"
    names = sort_names(set(written))
    if len(written) < MIN_ROWS:
        raise DataError(
            f"{train.where} has {len(written)} rows, too few: at least {MIN_ROWS} are needed; "
            f"add labelled {'texts' if train.images is None else 'images'}."
        )
    if len(names) == 1:
        raise DataError(
            f"{place} has only one class ('{names[0]}'); at least 2 are needed: "
            "check that it is the label column."
        )
    if len(names) > MAX_CLASSES or len(names) > len(written) / 2:
        raise DataError(
            f"{place} has {len(names)} different values in {len(written)} rows, "
            f"such as {some(names, 3)}: {_guess(names)}"
        )
    if len(written) < (need := 2 * len(names) * splits):
        raise DataError(
            f"{train.where} has {len(written)} rows, too few: {need} are needed, 2 for each of "
            f"{len(names)} classes in each of {splits} splits; "
            "add labelled texts or merge classes."
        )
    return names


def encode(split: RawSplit, names: Sequence[str], declared: bool) -> NDArray[np.int64]:
    """Index of each label in `names`.

    With `declared` names, a whole number is an index already.
    """
    written = written_names(split)
    index = {name: i for i, name in enumerate(names)}
    if declared:
        plain = all(isinstance(label, int) for label in split.labels or ()) or not set(
            written
        ) <= set(index)
        index = {str(i): i for i in range(len(names))} if plain else index
    if unknown := sort_names({name for name in written if name not in index}):
        raise DataError(
            f"column '{split.label_column}' of {split.where} has labels outside the classes of "
            f"the train split: {some(unknown)}; the classes are: {some(names, 10)}. "
            "Correct the labels, or add such rows to train."
        )
    return np.array([index[name] for name in written], dtype=np.int64)


def written_names(split: RawSplit) -> list[str]:
    """The class name of each row; raises DataError for what is none, or missing."""
    for row, label in zip(split.rows, split.labels or ()):
        if not isinstance(label, Label):
            raise DataError(
                f"{split.where}, row {row}: the label in column '{split.label_column}' is a "
                f"{type(label).__name__}, not a name or a number; {_remedy(label)}"
            )
    names = [name_of(label) for label in split.labels or ()]
    if missing := [row for row, name in zip(split.rows, names) if name is None]:
        raise DataError(
            f"{split.where}: no label in column '{split.label_column}' at row {some(missing)}; "
            "fill it in or remove these rows."
        )
    return [name for name in names if name is not None]


def _remedy(label: object) -> str:
    if isinstance(label, list | tuple):
        return "multi-label data is not supported yet: name another column (--column label=COLUMN)."
    return "write the class as text, or name another column (--column label=COLUMN)."


def _guess(names: Sequence[str]) -> str:
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return "this looks like text, not classes; name the right one (--column label=COLUMN)."
    if all(number.is_integer() for number in numbers):
        return (
            "this looks like an id or a count, not classes; name the right one "
            "(--column label=COLUMN)."
        )
    return "name the label column (--column label=COLUMN)."
