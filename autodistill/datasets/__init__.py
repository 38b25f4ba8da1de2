"""Datasets read from any source and split for a study.

A member reads one kind of source into `Splits`; `load` picks the member, carves the validation
rows out of train, holds the test rows out and returns a `Task`.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.study.study import NO_POOL

__all__ = ["Answer", "RawSplit", "ReadOptions", "Rows", "Source", "Splits", "Task", "load"]


@dataclass(frozen=True)
class Rows:
    """Texts, single or in pairs, or images, with their labels."""

    first: tuple[str, ...]
    second: tuple[str, ...] | None
    labels: NDArray[np.int64]
    """Index into the task's label names; -1 for a row without a label."""
    origin: NDArray[np.int64] | None = None
    """Place of each row in its split as the source holds it, from 0."""
    images: NDArray[np.uint8] | None = None
    """(rows, height, width, 3); `first` then holds their content-based names."""

    def __len__(self) -> int:
        return len(self.first)

    @property
    def image_size(self) -> tuple[int, int] | None:
        """Height and width of its images; None for texts."""
        return None if self.images is None else (self.images.shape[1], self.images.shape[2])

    def take(self, index: Sequence[int] | NDArray[np.int64]) -> "Rows":
        """The rows at these places, in this order."""
        second = None if self.second is None else tuple(self.second[i] for i in index)
        places = np.asarray(index, dtype=np.int64)
        origin = None if self.origin is None else self.origin[places]
        images = None if self.images is None else self.images[places]
        return Rows(
            tuple(self.first[i] for i in index), second, self.labels[places], origin, images
        )

    @cached_property
    def digest(self) -> str:
        """Content hash of the texts or images alone, which is all a teacher reads."""
        h = hashlib.sha256()
        for text in self.first + (self.second or ()):
            h.update(text.encode("utf-8", "surrogatepass") + b"\0")
        h.update(b"pair" if self.second is not None else b"single")
        return h.hexdigest()[:16]


Answer = Callable[[Rows], tuple[tuple[str, ...], NDArray[np.int64]]]
"""A teacher's class names and its class for each row, -1 where it has none."""


def join(first: Rows, second: Rows) -> Rows:
    """The rows of the first, then those of the second."""
    pairs = None if first.second is None or second.second is None else first.second + second.second
    origin = (
        None
        if first.origin is None or second.origin is None
        else np.concatenate([first.origin, second.origin])
    )
    images = (
        None
        if first.images is None or second.images is None
        else np.concatenate([first.images, second.images])
    )
    return Rows(
        first.first + second.first,
        pairs,
        np.concatenate([first.labels, second.labels]),
        origin,
        images,
    )


@dataclass(frozen=True)
class Task:
    """A classification problem with its three splits, and rows without labels beside them."""

    name: str
    """The dataset's name or path as given by the user."""
    source: str
    """The place the rows were read from, for messages."""
    label_names: tuple[str, ...]
    metric: str
    """A member of the family `metrics`."""
    train: Rows
    selection: Rows
    """Validation rows, carved from train: every choice is made on these."""
    test: Rows
    """Held-out test rows: read once, by `autodistill train`."""
    notes: tuple[str, ...] = ()
    """Remarks for the user about how the splits were built."""
    facts: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""
    """Notes for the user on what was read: columns, rows, classes, and rows left out."""
    pool: Rows | None = None
    """Unlabelled rows, in no split: the teacher answers them, and students learn from that."""

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.label_names)

    @property
    def of_images(self) -> bool:
        """Whether the rows are images, not texts."""
        return self.train.images is not None

    @cached_property
    def known(self) -> Rows:
        """Train rows, then selection rows: those with labels that may be looked at."""
        return join(self.train, self.selection)

    @cached_property
    def answered(self) -> Rows:
        """Train, selection, then unlabelled rows: those that the teacher answers."""
        return self.known if self.pool is None else join(self.known, self.pool)

    @property
    def pool_rows(self) -> int:
        """Number of unlabelled rows."""
        return 0 if self.pool is None else len(self.pool)

    @cached_property
    def fingerprint(self) -> str:
        """Content hash of texts, labels, label names and splits.

        With unlabelled rows, a dot and their hash follow.
        """
        h = hashlib.sha256("\0".join(self.label_names).encode())
        for rows in (self.train, self.selection, self.test):
            h.update(rows.digest.encode() + rows.labels.tobytes())
        labelled = h.hexdigest()[:16]
        return labelled if self.pool is None else f"{labelled}.{self.pool.digest}"


def load(
    dataset: str,
    *,
    data_root: Path | None = None,
    columns: Mapping[str, str] = {},
    metric: str = "",
    rows: int = 0,
    seed: int = 0,
    unlabelled: str = "",
    rest_unlabelled: bool = False,
    answer: Answer | None = None,
) -> Task:
    """The dataset with this name or path as a task.

    `rows` above 0 trains on a seeded subset of train with that many rows; validation and test rows
    do not change with it. `unlabelled` names further rows, which need no label, or is "none"; with
    `rest_unlabelled` the train rows beyond `rows` are such rows, too. `answer` gives classes and
    predictions in place of labels, for the metric agreement.
    """
    from autodistill.datasets._load import load_task  # it needs the classes above

    return load_task(
        dataset,
        ReadOptions(data_root, columns, own_pool=unlabelled != NO_POOL),
        metric=metric,
        rows=rows,
        seed=seed,
        unlabelled=unlabelled,
        rest_unlabelled=rest_unlabelled,
        answer=answer,
    )
