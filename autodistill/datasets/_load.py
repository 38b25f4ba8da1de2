"""Loading a task by name: find the source, check rows, build three splits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows, Task
from autodistill.datasets._carve import SHARE, draw, selection_size
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._images import common_size, of_size
from autodistill.datasets._labels import MIN_ROWS, class_names, encode, is_labelled, some
from autodistill.datasets._notes import of_test, reading, repeats, spelled_alike
from autodistill.datasets._scale import bin_names, bins_of, into_bins, is_scale_of
from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.datasets._usable import usable
from autodistill.errors import DataError, SpecError, choose_from
from autodistill.registry import families

LAST = ("table", "hub")
"""Sources queried last, in this order: they claim names by their shape."""


@dataclass(frozen=True)
class _Parts:
    """The three splits under construction."""

    train: Rows
    selection: Rows
    test: Rows


def load_task(dataset: str, options: ReadOptions, *, metric: str, rows: int, seed: int) -> Task:
    """The dataset as a task; raises DataError or SpecError with the first problem."""
    if metric and metric not in families.names("metrics"):
        raise SpecError(choose_from("metric", metric, families.names("metrics")))
    if rows < 0:
        raise SpecError(f"rows is {rows}; it must be 0 (all train rows) or more.")
    if not dataset.strip():
        raise SpecError("--dataset is empty. Give a name, a file or a folder.")
    found = _source(dataset).read(dataset, options)
    if "train" not in found.splits:
        raise DataError(
            f"{found.source} has no train split; it contains: "
            f"{', '.join(found.splits) or 'none'}. Name another dataset."
        )
    found, used, left_out = _usable(eight_bit(found))
    train = found.splits["train"]
    centres = bins_of(train) if not found.label_names and is_scale_of(train) else None
    names, parts, notes = _make(found, used[1:], seed, centres)
    if 0 < rows < len(parts.train):
        if rows < len(names) and centres is None:
            raise SpecError(
                f"rows is {rows}; at least one row for each of the {len(names)} classes of "
                f"{found.source} is needed."
            )
        parts = replace(
            parts, train=parts.train.take(draw(parts.train.labels, rows, (seed, 2), keep=0)[0])
        )
    chosen = metric or ("pearson" if centres is not None else found.metric)
    if chosen == "pearson" and centres is None:
        raise SpecError(
            f"metric 'pearson' is for labels that are numbers on a scale; {found.source} has "
            f"{len(names)} classes. Use 'accuracy' or 'macro_f1'."
        )
    if chosen == "f1" and len(names) > 2:
        raise SpecError(
            f"metric 'f1' is for 2 classes; {found.source} has {len(names)}. Use 'macro_f1'."
        )
    notes += repeats(parts.train, parts.selection, parts.test)
    return Task(
        dataset,
        found.source,
        names,
        chosen,
        parts.train,
        parts.selection,
        parts.test,
        (*found.notes, *notes),
        reading=reading(found, used, len(names), left_out),
    )


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


def _source(dataset: str) -> Source:
    names = sorted(
        families.names("tasks"), key=lambda name: LAST.index(name) if name in LAST else -1
    )
    for name in names:
        source: Source = families.get("tasks", name)()
        if source.claims(dataset):
            return source
    known = [name for member in names for name in families.get("tasks", member).known]
    raise DataError(
        choose_from("dataset", dataset, known)
        + " A path to a CSV, TSV, JSONL or parquet file works too."
    )


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
