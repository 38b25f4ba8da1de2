"""Loading a task by name: find the source, check rows, build three splits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Answer, Rows, Task
from autodistill.datasets._carve import SHARE, draw, selection_size
from autodistill.datasets._images import common_size, of_size
from autodistill.datasets._labels import MIN_ROWS, class_names, encode, is_labelled, some
from autodistill.datasets._notes import of_test, reading, repeats, spelled_alike
from autodistill.datasets._pool import make_pool
from autodistill.datasets._scale import bin_names, bins_of, into_bins, is_scale_of
from autodistill.datasets._source import RawSplit, ReadOptions, Splits
from autodistill.datasets._supplies import (
    own_pool,
    read_splits,
    supplies_of,
)
from autodistill.datasets._usable import usable
from autodistill.errors import DataError, SpecError, choose_from
from autodistill.registry import families
from autodistill.study.study import AGREEMENT


@dataclass(frozen=True)
class _Parts:
    """The three splits under construction."""

    train: Rows
    selection: Rows
    test: Rows


def load_task(
    dataset: str,
    options: ReadOptions,
    *,
    metric: str,
    rows: int,
    seed: int,
    unlabelled: str = "",
    rest_unlabelled: bool = False,
    answer: Answer | None = None,
) -> Task:
    """The dataset as a task; raises DataError or SpecError with the first problem.

    With `answer`, a teacher's predictions are the labels.
    """
    _check_words(dataset, metric, rows)
    if (answer is None) != (metric != AGREEMENT):
        raise SpecError(
            f"metric '{AGREEMENT}' is for a dataset without labels, and a teacher that is a "
            "classifier or a file of soft labels."
        )
    found = read_splits(dataset, options, answer)
    if "train" not in found.splits:
        raise DataError(
            f"{found.source} has no train split; it contains: "
            f"{', '.join(found.splits) or 'none'}. Name another dataset."
        )
    found, own = own_pool(found, options)
    found, used, left_out = _usable(found)
    train = found.splits["train"]
    centres = bins_of(train) if not found.label_names and is_scale_of(train) else None
    names, parts, notes = _make(found, used[1:], seed, centres)
    if centres is None:
        _check_rows(rows, len(names), parts.train, found.source)
    parts, rest = _first_rows(parts, rows, seed)
    chosen = metric or ("pearson" if centres is not None else found.metric)
    _check_metric(chosen, found.source, len(names), is_scale=centres is not None)
    notes += repeats(parts.train, parts.selection, parts.test)
    if rest_unlabelled and rest is None:
        notes.append(f"--rows {rows} leaves no training row out: none becomes unlabelled")
    taken = rest if rest_unlabelled else None
    supplies = supplies_of(unlabelled, options, train, own, taken, parts.train.image_size)
    pool = make_pool(supplies, train=parts.train, held_out=(parts.selection, parts.test))
    return Task(
        dataset,
        found.source,
        names,
        chosen,
        parts.train,
        parts.selection,
        parts.test,
        (*found.notes, *notes, *pool.notes),
        reading=reading(found, used, len(names), left_out),
        pool=pool.rows,
    )


def _first_rows(parts: _Parts, rows: int, seed: int) -> tuple[_Parts, Rows | None]:
    """The splits with so many training rows, and those left out; None for none."""
    if not 0 < rows < len(parts.train):
        return parts, None
    kept, others = draw(parts.train.labels, rows, (seed, 2), keep=0)
    return replace(parts, train=parts.train.take(kept)), parts.train.take(others)


def _check_rows(rows: int, classes: int, train: Rows, source: str) -> None:
    """Raises SpecError for too few training rows to have one of each class."""
    if 0 < rows < classes and rows < len(train):
        raise SpecError(
            f"rows is {rows}; at least one row for each of the {classes} classes of "
            f"{source} is needed."
        )


def _check_words(dataset: str, metric: str, rows: int) -> None:
    """Raises SpecError for values that are right for no dataset."""
    if metric and metric not in families.names("metrics"):
        raise SpecError(choose_from("metric", metric, families.names("metrics")))
    if rows < 0:
        raise SpecError(f"rows is {rows}; it must be 0 (all train rows) or more.")
    if not dataset.strip():
        raise SpecError("--dataset is empty. Give a name, a file or a folder.")


def _check_metric(metric: str, source: str, classes: int, *, is_scale: bool) -> None:
    """Raises SpecError for a metric that these labels cannot have."""
    if metric == "pearson" and not is_scale:
        raise SpecError(
            f"metric 'pearson' is for labels that are numbers on a scale; {source} has "
            f"{classes} classes. Use 'accuracy' or 'macro_f1'."
        )
    if metric == "f1" and classes > 2:
        raise SpecError(f"metric 'f1' is for 2 classes; {source} has {classes}. Use 'macro_f1'.")


def _usable(found: Splits) -> tuple[Splits, tuple[str, ...], int]:
    """The splits in use without rows that lack something, their roles, and how many do."""
    locked = [
        role
        for role in ("test", "validation")
        if role in found.splits and is_labelled(found.splits[role])
    ]
    used, splits, notes, left_out = ("train", *locked[:1]), dict(found.splits), list[str](), 0
    for role in used:
        splits[role], more = usable(found.splits[role])
        notes += more
        left_out += len(found.splits[role].texts) - len(splits[role].texts)
    return replace(found, splits=splits, notes=(*found.notes, *notes)), used, left_out


def _make(
    found: Splits, held_out: Sequence[str], seed: int, centres: NDArray[np.float64] | None
) -> tuple[tuple[str, ...], _Parts, list[str]]:
    raw, locked = found.splits["train"], "".join(held_out)
    notes = of_test(found, locked)
    if centres is None:
        names, declared = (
            found.label_names or class_names(raw, 2 if locked else 3),
            bool(found.label_names),
        )
        notes += spelled_alike(raw)
    else:
        names, declared = bin_names(centres), False
        notes.append(
            f"labels are numbers from {centres[0]:g} to {centres[-1]:g}, cut into {len(centres)} "
            "equal steps; scored by correlation"
        )
    images = [i for split in found.splits.values() for i in split.images or ()]
    size = common_size(images) if images else None
    if size and {i.shape[:2] for i in images} != {size}:
        notes.append(f"images are resized to {size[0]} by {size[1]} pixels")
    train = _rows(raw, names, declared, centres, size)
    if locked:
        test = _rows(found.splits[locked], names, declared, centres, size)
        if centres is None and (
            unseen := sorted(set(test.labels.tolist()) - set(train.labels.tolist()))
        ):
            raise DataError(
                f"{found.splits[locked].where} has labels that the train split does not have: "
                f"{some([names[i] for i in unseen])}. "
                "Correct the labels, or add such rows to train."
            )
        if len(test) < MIN_ROWS:
            notes.append(f"the test split has only {len(test)} rows: a score on it says little")
    else:
        chosen, others = draw(train.labels, round(len(train) * SHARE), (seed, 0))
        train, test = train.take(others), train.take(chosen)
    chosen, others = draw(train.labels, selection_size(len(train)), (seed, 1))
    parts = _Parts(train.take(others), train.take(chosen), test)
    if centres is None and (
        rare := sorted(set(train.labels.tolist()) - set(parts.selection.labels.tolist()))
    ):
        notes.append(
            f"no validation row of {some([names[i] for i in rare])}: train has one row of it"
        )
    return names, parts, notes


def _rows(
    split: RawSplit,
    names: Sequence[str],
    declared: bool,
    centres: NDArray[np.float64] | None,
    size: tuple[int, int] | None,
) -> Rows:
    pairs = None if split.pairs is None else tuple(map(str, split.pairs))
    labels = encode(split, names, declared) if centres is None else into_bins(split, centres)
    images = None if size is None else np.stack([of_size(i, size) for i in split.images or ()])
    places = range(len(split.texts)) if split.origin is None else split.origin
    return Rows(
        tuple(map(str, split.texts)), pairs, labels, np.array(places, dtype=np.int64), images
    )
