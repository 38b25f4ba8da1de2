"""Signals from a file of soft labels instead of a network."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows
from autodistill.datasets._table import Table
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
BETWEEN = " [SEP] "
"""What stands between the two texts of a pair."""
Key = TypeVar("Key", int, str)
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
    found = read_answers(file, label_names)
    if found.rescaled:
        screen_here().line(f"teacher   {found.rescaled}")
    shares = found.shares[all_places(found, rows)]
    answers: NDArray[np.float32] = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    return answers


@dataclass(frozen=True)
class SoftLabels:
    """A file of soft labels as it is read."""

    table: Table
    classes: tuple[str, ...]
    """The column of each class."""
    shares: NDArray[np.float64]
    """(rows of the file, classes)."""
    rescaled: str
    """A note on rows that do not add up to 1; empty where all do."""

    @cached_property
    def ids(self) -> Mapping[int, int] | None:
        """The row of the file for each place in the train split; None without such a column."""
        if "row" not in self._free:
            return None
        ids = _ids(self.table, self._free["row"])
        return self._once_each({i: key for i, key in enumerate(ids) if key >= 0})

    @cached_property
    def texts(self) -> Mapping[str, int] | None:
        """The row of the file for each text, or pair of texts; None without such a column."""
        if not self.text_column:
            return None
        column = self.table.columns[self.text_column]
        return self._once_each({i: str(text).strip() for i, text in enumerate(column)})

    @property
    def text_column(self) -> str:
        """The name of the column with the texts; empty where there is none."""
        return self._free.get("text", "")

    @cached_property
    def _free(self) -> Mapping[str, str]:
        """The columns that are no class, by their plain name."""
        columns = reversed(tuple(self.table.columns))
        return {name.strip().lower(): name for name in columns if name not in self.classes}
