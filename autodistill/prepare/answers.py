"""A function as a teacher: queried once about every row, its answers kept as a file."""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from autodistill.datasets import Rows, Task
from autodistill.errors import SpecError
from autodistill.prepare.soft_labels import text_keys
from autodistill.runtime import files
from autodistill.runtime.cache import home, once
from autodistill.runtime.progress import Screen

Answer = Callable[[list[Any]], ArrayLike]
"""From texts, pairs of texts or images to probabilities (rows, classes), labels in order."""
BATCH = 64
SUM_TOLERANCE = 1e-3
_ASKED: WeakKeyDictionary[Any, dict[tuple[str, ...], dict[Any, NDArray[np.float64]]]] = (
    WeakKeyDictionary()
)
"""By function and label names, so that a cell of a notebook can be run again."""


def keep_answers(teacher: Answer, task: Task, screen: Screen) -> str:
    """Query it about all rows but the held-out test, and return the path of the soft labels.

    Test rows are never shown to it. Raises SpecError for an answer of the wrong shape or kind.
    """
    parts = (task.train, task.selection, *((task.pool,) if task.pool is not None else ()))
    keys = [key for rows in parts for key in _keys(rows)]
    items = dict(zip(keys, (item for rows in parts for item in _items(rows))))
    known = _known(teacher, task.label_names)
    waiting = [key for key in items if key not in known]
    with screen.bar(f"asking {name_of(teacher)}") as tick:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            answer = check_answer(
                teacher([items[k] for k in batch]), len(batch), task.label_names, name_of(teacher)
            )
            known.update(zip(batch, answer))
            tick(start + len(batch), len(waiting))
    shares = np.stack([known[key] for key in keys])
    table = pd.DataFrame(dict(zip(task.label_names, shares.T)))
    if any(name.strip().lower() == "row" for name in task.label_names):
        raise SpecError("a class is named 'row', as the column of soft labels is that counts rows.")
    table.insert(0, "row", np.concatenate([_origin(rows) for rows in parts]))
    if task.pool is not None:  # rows that are in no train split are found by their text
        if any(name.strip().lower() == "text" for name in task.label_names):
            raise SpecError(
                "a class is named 'text', as the column of soft labels is that finds unlabelled "
                "rows: rename the class."
            )
        table.insert(1, "text", text_keys(task.answered))
    digest = hashlib.sha256(shares.tobytes() + task.fingerprint.encode()).hexdigest()[:16]
    slug = re.sub(r"[^a-z0-9]+", "-", name_of(teacher).lower()).strip("-")[:40]
    folder = home() / "answers" / f"{slug or 'teacher'}-{digest}"
    once(folder, lambda draft: _write(table, draft))
    return str(folder / "soft_labels.parquet")


def check_answer(answer: object, rows: int, labels: Sequence[str], who: str) -> NDArray[np.float64]:
    """Probabilities (rows, classes), checked; raises SpecError that says what is expected."""
    wanted = (
        f"it has to give an array of shape (texts, classes), here ({rows}, {len(labels)}): "
        f"a probability for each of {', '.join(labels)}, in this order, each row adding up to one"
    )
    try:
        found = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SpecError(
            f"the teacher {who} gave a {type(answer).__name__} that is no array of numbers "
            f"({error}); {wanted}."
        ) from None
    if found.shape != (rows, len(labels)):
        raise SpecError(f"the teacher {who} gave the shape {found.shape}; {wanted}.")
    for problem, bad in (
        ("a number that is not finite", ~np.isfinite(found).all(1)),
        ("a negative number", (found < 0).any(1)),
        ("a row that does not add up to one", np.abs(found.sum(1) - 1) > SUM_TOLERANCE),
    ):
        if bad.any():
            first = found[np.flatnonzero(bad)[0]].tolist()
            raise SpecError(
                f"the teacher {who} gave {problem}: {first} "
                f"({bad.sum()} such rows of {rows}); {wanted}."
            )
    return found


def name_of(teacher: Answer) -> str:
    """The function's own name, or that of its class."""
    return str(getattr(teacher, "__name__", type(teacher).__name__))


def _known(teacher: Answer, labels: tuple[str, ...]) -> dict[Any, NDArray[np.float64]]:
    try:
        return _ASKED.setdefault(teacher, {}).setdefault(labels, {})
    except TypeError:  # an object without a hash, or one that cannot be referred to weakly
        return {}


def _keys(rows: Rows) -> list[Any]:
    return list(rows.first) if rows.second is None else list(zip(rows.first, rows.second))


def _items(rows: Rows) -> Sequence[Any]:
    return _keys(rows) if rows.images is None else list(rows.images)


def _origin(rows: Rows) -> NDArray[np.int64]:
    assert rows.origin is not None  # every task that was loaded knows its rows' places
    return rows.origin


def _write(table: pd.DataFrame, draft: Path) -> None:
    with files.draft(draft / "soft_labels.parquet") as place:
        table.to_parquet(place, index=False)
