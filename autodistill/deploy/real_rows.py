"""Rows on which two forms of a student are compared: real ones where there are any."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._reader import open_tokenizer
from autodistill.datasets import Rows, Task
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._images import of_size
from autodistill.datasets._source import RawSplit, ReadOptions, Splits
from autodistill.datasets._supplies import find_source
from autodistill.datasets._usable import usable
from autodistill.deploy.labelled_rows import labels_of
from autodistill.deploy.opened import Opened
from autodistill.errors import AutodistillError, DataError
from autodistill.prepare.rows_again import rows_again
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe
from autodistill.study.study_differences import rows_key_of

MOST = 2000
"""Rows that are compared, at most."""
CALIBRATION = 200
"""Images whose activations say how int8 rounds."""
GENERATED = 200
"""Rows that are made up where no real ones are within reach."""
UNREAD = "the held-out test rows are not read: this student has no score on them"
SPLITS = ("test", "validation", "train")


@dataclass(frozen=True)
class RealRows:
    """Rows, where they are from, and the student's class of each one."""

    rows: Rows
    source: str
    labels: NDArray[np.int64] | None = None
    """Indices of the student's classes; None where they are not known."""
    metric: str = "accuracy"
    calibration: Rows | None = None
    """Images to calibrate int8 on."""
    notes: tuple[str, ...] = ()
    are_real: bool = True


@dataclass(frozen=True)
class Wanted:
    """A person's own rows, or none: then those of the student's study are looked for."""

    name: str = ""
    """A file, a folder or a dataset's name; empty: the study's."""
    columns: Mapping[str, str] | None = None
    data_root: Path | None = None


def find_rows(student: Opened, wanted: Wanted, screen: Screen) -> RealRows:
    """The rows that a person gave, else those of the study, else generated ones."""
    if wanted.name:
        return _given_rows(student, wanted)
    try:
        return _study_rows(student, wanted.data_root, screen)
    except AutodistillError as error:
        return _generated_rows(student, str(error).splitlines()[0])


def _study_rows(student: Opened, data_root: Path | None, screen: Screen) -> RealRows:
    """Held-out test rows if this student was scored on them, else validation rows."""
    study = Recipe.load(student.folder / "recipe.toml").study
    task = rows_again(study, data_root, screen)
    scored = _was_scored(student.folder)
    found = task.test if scored else task.selection
    chosen = _some(found, MOST)
    what = "held-out test" if scored else "validation"
    notes = [] if scored else [UNREAD]
    if study.fingerprint and rows_key_of(study.fingerprint) != rows_key_of(task.fingerprint):
        notes.append(f"{study.dataset} has changed since the student was trained")
    _check_kind(student, chosen.images is not None, study.dataset)
    return RealRows(
        chosen,
        f"{len(chosen):,} {what} rows of {study.dataset}",
        _by_name(task, chosen, student),
        task.metric,
        _some(task.train, CALIBRATION) if student.of_images else None,
        tuple(notes),
    )


def _was_scored(folder: Path) -> bool:
    try:
        metrics: dict[str, Any] = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return "student_test" in metrics and bool(metrics.get("same_recipe", True))


def _by_name(task: Task, rows: Rows, student: Opened) -> NDArray[np.int64] | None:
    if set(task.label_names) - set(student.labels):
        return None
    places = np.array([student.labels.index(name) for name in task.label_names])
    return np.asarray(places[rows.labels])


def _given_rows(student: Opened, wanted: Wanted) -> RealRows:
    found = eight_bit(_splits(student, wanted))
    named = [role for role in SPLITS if role in found.splits] or list(found.splits)
    split, notes = usable(found.splits[named[0]])
    _check_kind(student, split.images is not None, wanted.name)
    size = student.image_size
    images = np.stack([of_size(i, size) for i in split.images or ()]) if size else None
    metric = _metric(student.folder)
    labels, missing = _classes(split, found.label_names, student, metric)
    rows = Rows(
        tuple(map(str, split.texts)),
        None if split.pairs is None else tuple(map(str, split.pairs)),
        np.full(len(split.texts), -1) if labels is None else labels,
        images=images,
    )
    chosen = _some(rows, MOST)
    return RealRows(
        chosen,
        f"{len(chosen):,} rows of {wanted.name}",
        None if labels is None else chosen.labels,
        metric,
        _some(rows, CALIBRATION) if size else None,
        (*found.notes, *notes, *missing),
    )


def _splits(student: Opened, wanted: Wanted) -> Splits:
    """The rows as they are written, with labels where there are any; raises DataError."""
    source, columns = find_source(wanted.name, "--rows"), dict(wanted.columns or {})
    options = ReadOptions(wanted.data_root, columns, own_pool=False)
    try:
        return source.read(wanted.name, options)
    except DataError:
        if "label" in columns:
            raise
    images = () if student.of_images else None
    faults = []
    for pairs in (None, ()):
        like = RawSplit((), pairs, None, str(student.folder), (), images=images)
        try:
            return source.read(wanted.name, ReadOptions(wanted.data_root, columns, beside=like))
        except DataError as error:
            faults.append(error)
    raise faults[0]


def _classes(
    split: RawSplit, declared: tuple[str, ...], student: Opened, metric: str
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """The class of each row, or None, and a note on labels that are no classes."""
    if split.labels is None:
        return None, ()
    try:
        labels, notes = labels_of(split, declared, student, metric)
    except DataError as error:
        return None, (f"no score: {error}",)
    return labels, tuple(notes)


def _metric(folder: Path) -> str:
    try:
        return Recipe.load(folder / "recipe.toml").study.metric or "accuracy"
    except AutodistillError:
        return "accuracy"


def _check_kind(student: Opened, images: bool, source: str) -> None:
    if images != student.of_images:
        have, need = ("images", "texts") if images else ("texts", "images")
        raise DataError(
            f"{source} has {have}, {student.folder} reads {need}; give rows of {need} with --rows."
        )


def _some(rows: Rows, most: int) -> Rows:
    """The rows, or so many of them, the same ones every time."""
    if len(rows) <= most:
        return rows
    drawn = np.random.default_rng(0).choice(len(rows), most, replace=False)
    return rows.take(np.sort(drawn))


def _generated_rows(student: Opened, why: str) -> RealRows:
    """Texts of the student's own vocabulary, or images of noise."""
    draw, images = np.random.default_rng(0), None
    if size := student.image_size:
        images = draw.integers(0, 256, (GENERATED, *size, 3)).astype(np.uint8)
        texts = [str(n) for n in range(GENERATED)]
    else:
        tokenizer = open_tokenizer(student.folder)
        special = set(tokenizer.all_special_ids)
        known = [i for i in range(len(tokenizer)) if i not in special]
        longest = max(2, min(64, student.max_length))
        texts = [
            tokenizer.decode(draw.choice(known, draw.integers(1, longest)).tolist())
            for _ in range(GENERATED)
        ]
    kind = "images of noise" if size else "texts of random words"
    rows = Rows(tuple(texts), None, np.full(GENERATED, -1), images=images)
    note = f"no real rows are within reach ({why}); --rows FILE gives some"
    return RealRows(rows, f"{GENERATED} {kind}", notes=(note,), are_real=False)
