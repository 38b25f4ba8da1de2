"""Loading a task by name: find the source, check rows, build three splits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows, Task
from autodistill.datasets._carve import SHARE, draw, selection_size
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._images import common_size, of_size
from autodistill.datasets._labels import MIN_ROWS, class_names, encode, is_labelled, some
from autodistill.datasets._notes import of_test, reading, repeats, spelled_alike
from autodistill.datasets._pool import Supply, make_pool, supply_of, without_labels
from autodistill.datasets._scale import bin_names, bins_of, into_bins, is_scale_of
from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.datasets._usable import apart, is_missing, usable
from autodistill.errors import DataError, SpecError, choose_from
from autodistill.registry import families
from autodistill.study.study import NO_POOL

LAST = ("table", "hub")
"""Sources queried last, in this order: they claim names by their shape."""


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
) -> Task:
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
    found, own = _own_pool(found, options)
    found, used, left_out = _usable(found)
    train = found.splits["train"]
    centres = bins_of(train) if not found.label_names and is_scale_of(train) else None
    names, parts, notes = _make(found, used[1:], seed, centres)
    rest: Rows | None = None
    if 0 < rows < len(parts.train):
        if rows < len(names) and centres is None:
            raise SpecError(
                f"rows is {rows}; at least one row for each of the {len(names)} classes of "
                f"{found.source} is needed."
            )
        kept, others = draw(parts.train.labels, rows, (seed, 2), keep=0)
        rest = parts.train.take(others) if rest_unlabelled else None
        parts = replace(parts, train=parts.train.take(kept))
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
    if rest_unlabelled and rest is None:
        notes.append(f"--rows {rows} leaves no training row out: none becomes unlabelled")
    supplies = _supplies(unlabelled, options, train, own, rest, parts.train.image_size)
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


def _own_pool(found: Splits, options: ReadOptions) -> tuple[Splits, dict[str, RawSplit]]:
    """The labelled splits, and unlabelled rows of the dataset's own by where they come from."""
    splits = dict(found.splits)
    split = splits.pop("unlabelled", None)
    own = {} if split is None or not options.own_pool else {split.where: split}
    found = eight_bit(replace(found, splits=splits))
    train, bare = apart(found.splits["train"], declared=bool(found.label_names))
    if len(train.texts) and not any(not is_missing(label) for label in train.labels or ()):
        raise DataError(
            f"no row of {train.where} has a label (column '{train.label_column}'). Scores need "
            f"labelled rows, {MIN_ROWS} at the least: label some of them and leave the others "
            "empty, or give these rows with --unlabelled beside a --dataset with labels."
        )
    notes = list(found.notes)
    if bare is not None:
        whole = len(train.texts) + len(bare.texts)
        told = f"{len(bare.texts):,} of {whole:,} rows of {train.where} have no label"
        if options.own_pool:
            own = {f"{train.where} (rows without a label)": bare, **own}
            notes.append(
                f"{told}: they count as unlabelled (--unlabelled {NO_POOL} leaves them out)"
            )
        else:
            notes.append(f"{told} and are left out")
    splits = {**found.splits, "train": train}
    return replace(found, splits=splits, notes=tuple(notes)), own


def _supplies(
    name: str,
    options: ReadOptions,
    train: RawSplit,
    own: Mapping[str, RawSplit],
    rest: Rows | None,
    size: tuple[int, int] | None,
) -> list[Supply]:
    """Unlabelled rows of every source, the one that a person named first."""
    found = list[Supply]()
    if name and options.own_pool:
        splits = _source(name, "--unlabelled").read(name, replace(options, beside=train))
        found.append(supply_of(splits, train, size))
    for source, split in own.items():
        found.append(replace(supply_of(Splits({"": split}, source), train, size), asked=False))
    if rest is not None:
        found.append(Supply(without_labels(rest), "the training rows that --rows leaves out"))
    return found


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


def _source(dataset: str, option: str = "") -> Source:
    names = sorted(
        families.names("tasks"), key=lambda name: LAST.index(name) if name in LAST else -1
    )
    for name in names:
        source: Source = families.get("tasks", name)()
        if source.claims(dataset):
            return source
    known = [name for member in names for name in families.get("tasks", member).known]
    raise DataError(
        choose_from("dataset", dataset, known, option)
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
