"""Rows with labels that a student knows, from a file or a folder of images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._depth import eight_bit
from autodistill.datasets._files import missing
from autodistill.datasets._image_folder import is_image_folder, read_image_folder
from autodistill.datasets._labels import some, sort_names, written_names
from autodistill.datasets._scale import into_bins
from autodistill.datasets._source import RawSplit, ReadOptions, Splits
from autodistill.datasets._usable import usable
from autodistill.datasets.table import TableFile
from autodistill.deploy.student import Student
from autodistill.errors import DataError

SCALE = "pearson"
"""The metric of labels that are numbers on a scale."""


@dataclass(frozen=True)
class LabelledRows:
    """Rows with labels of the student, in memory."""

    where: str
    rows: tuple[int, ...]
    """Row or line number of each in the file."""
    texts: tuple[Any, ...]
    """Texts, pairs of texts, or names of images."""
    labels: NDArray[np.int64]
    images: Sequence[Any] | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def shown(self) -> list[str]:
        """Texts for people."""
        return [t if isinstance(t, str) else " | ".join(t) for t in self.texts]


def read_labelled(
    student: Student, file: str, columns: Mapping[str, str], metric: str
) -> LabelledRows:
    """The labelled rows of a file or a folder of images; raises DataError."""
    found = eight_bit(_read(Path(file).expanduser(), columns))
    split, notes = usable(found.splits["train"])
    if (split.images is not None) != student.of_images:
        have, need = ("texts", "images") if student.of_images else ("images", "texts")
        raise DataError(f"{split.where} has {have}, {student.folder} reads {need}.")
    labels, more = labels_of(split, found.label_names, student, metric)
    texts = split.texts if split.pairs is None else list(zip(split.texts, split.pairs))
    return LabelledRows(
        *(split.where, tuple(split.rows), tuple(texts), labels, split.images),
        notes=(*found.notes, *notes, *more),
    )


def _read(path: Path, columns: Mapping[str, str]) -> Splits:
    if not path.exists():
        raise DataError(missing(path))
    if not path.is_dir():
        found = TableFile().read(str(path), ReadOptions(columns=columns))
        kept = [note for note in found.notes if "--column label=" not in note]
        return replace(found, notes=tuple(kept))
    if is_image_folder(path) and not columns:
        found = read_image_folder(path)
        if set(found.splits) == {"train"}:
            return found
    raise DataError(
        f"{path} is a folder; give one labelled file, or a folder whose subfolders are the "
        "classes of images."
    )


class Knows(Protocol):
    """A student that says its classes."""

    @property
    def folder(self) -> Path:
        """Its folder, for messages."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of its classes, in their order."""


def labels_of(
    split: RawSplit, declared: Sequence[str], student: Knows, metric: str
) -> tuple[NDArray[np.int64], list[str]]:
    """The student's class of each row, and notes; raises DataError for other labels."""
    names = student.labels
    if metric == SCALE:
        return into_bins(split, np.array([float(name) for name in names])), []
    written = written_names(split)
    if declared:
        numbered = {str(i): name for i, name in enumerate(declared)}
        written = [numbered.get(name, name) for name in written]
    index, notes = {name: i for i, name in enumerate(names)}, list[str]()
    plain = {str(i): i for i in range(len(names))}
    if not set(written) <= set(index) and set(written) <= set(plain):
        index = plain
        shown = some([f"{i} is '{name}'" for i, name in enumerate(names)], 8)
        notes.append(f"labels are read as the student's classes in order: {shown}")
    if unknown := sort_names({name for name in written if name not in index}):
        raise DataError(
            f"column '{split.label_column}' of {split.where} has labels that the student "
            f"{student.folder} does not know: {some(unknown)}; the classes are: "
            f"{some(names, 10)}. Correct the labels, or name their column (--column label=COLUMN)."
        )
    return np.array([index[name] for name in written], dtype=np.int64), notes
