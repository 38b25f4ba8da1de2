"""Signals from a file of soft labels instead of a network."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows
from autodistill.errors import TeacherError
from autodistill.prepare.record_signals import Recorded
from autodistill.prepare.soft_label_file import KEYS, SMALLEST, SoftLabels, read_answers
from autodistill.runtime.cache import once
from autodistill.runtime.notebook import screen_here
from autodistill.training.signals import Signals

BETWEEN = " [SEP] "
"""The separator of the two texts of a pair."""


def record_soft_labels(
    file: Path, rows: Rows, label_names: tuple[str, ...], folder: Path
) -> Recorded:
    """Write the log-probabilities of these rows; a labelled row without an answer has its label's.

    They go to `folder`; or to one beside it where `folder` holds other answers, as an older version
    read them, or for other classes. Raises TeacherError for an unlabelled row without an answer,
    and where no row has one.
    """
    found = read_answers(file, label_names)
    at = places(found, rows)
    known = at >= 0
    if not known.any() or (rows.labels[~known] < 0).any():
        at = all_places(found, rows)
    shares = found.shares[at]
    shares[~known] = np.where(np.eye(len(label_names))[rows.labels[~known]] > 0, 1.0, SMALLEST)
    answers = np.log(_normal(shares))
    if folder.exists() and not _holds(folder, answers):
        digest = hashlib.sha256(answers.tobytes() + "\0".join(label_names).encode()).hexdigest()
        folder = folder.with_name(f"{folder.name}-{digest[:8]}")
    fresh = once(folder, lambda draft: Signals(answers, {}).save(draft))
    count = int(known.sum())
    computed, reused = (count, 0) if fresh else (0, count)
    return Recorded(folder, computed, reused, 0, 0.0, known=known, notes=found.notes)


def _holds(folder: Path, answers: NDArray[np.float32]) -> bool:
    known = Signals.open(folder).logits
    return known.shape == answers.shape and np.allclose(known, answers, rtol=1e-2, atol=1e-2)


def probabilities(file: Path, rows: Rows, label_names: tuple[str, ...]) -> NDArray[np.float32]:
    """Class probabilities (rows, classes) from a file.

    Rows are matched by row id or by text, columns by label name.
    """
    found = read_answers(file, label_names)
    for note in found.notes:
        screen_here().line(f"teacher   {note}")
    return _normal(found.shares[all_places(found, rows)])


def _normal(shares: NDArray[np.float64]) -> NDArray[np.float32]:
    answers: NDArray[np.float32] = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    return answers


def text_keys(rows: Rows) -> list[str]:
    """The text of each row as a file of soft labels writes it."""
    first = [text.strip() for text in rows.first]
    if rows.second is None:
        return first
    return [f"{a}{BETWEEN}{b.strip()}" for a, b in zip(first, rows.second)]


def places(answers: SoftLabels, rows: Rows) -> NDArray[np.int64]:
    """The row of the file for each row; -1 where it has none.

    Row ids come first; they count the train split, so unlabelled rows from elsewhere are found by
    text.
    """
    ids, origin = answers.ids, rows.origin
    if ids is None or origin is None:
        texts = answers.texts or {}
        return np.array([texts.get(key, -1) for key in text_keys(rows)], dtype=np.int64)
    found = np.array([ids.get(int(r), -1) for r in origin], dtype=np.int64)
    others = np.flatnonzero((rows.labels < 0) & (found < 0))
    if len(others) and (texts := answers.texts or {}):
        found[others] = [texts.get(key, -1) for key in text_keys(rows.take(others))]
    return found


def all_places(answers: SoftLabels, rows: Rows) -> NDArray[np.int64]:
    """The row of the file for each row; raises TeacherError where one has none."""
    table, ids = answers.table, None if rows.origin is None else answers.ids
    if ids is None and answers.texts is None:
        taken = [name for name in answers.classes if name.strip().lower() in KEYS]
        why = f" (its column '{taken[0]}' is the class of that name)" if taken else ""
        raise TeacherError(
            f"{table.where} has neither a column 'row' nor a column 'text'{why}, so its rows "
            f"cannot be matched; its columns are {', '.join(table.columns)}. Call the column of "
            "texts 'text', or add 'row', the place in the train split, from 0."
        )
    found = places(answers, rows)
    if len(absent := np.flatnonzero(found < 0)):
        first: object = text_keys(rows.take(absent[:1]))[0]
        if ids is not None and rows.origin is not None:
            first = int(rows.origin[absent[0]])
        raise TeacherError(
            f"{table.where} has no soft labels for {len(absent)} of {len(rows)} training rows; "
            f"the first is {str(first)[:60]!r}. Add them."
        )
    return found
