"""Sources of rows: of a name, of its unlabelled rows, of a teacher's labels for them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from autodistill.datasets import Answer, Rows
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._labels import MIN_ROWS
from autodistill.datasets._pool import Supply, make_pool, supply_of, without_labels
from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.datasets._usable import apart, is_missing
from autodistill.errors import DataError, choose_from
from autodistill.registry import families
from autodistill.study.study import AGREEMENT, NO_POOL

LAST = ("table", "hub")
"""Sources queried last, in this order: they claim names by their shape."""
MEANING = (
    "no label is looked at: the teacher's most likely class stands in place of each one, also on "
    "validation and test rows. Scores say how often a student predicts what the teacher predicts, "
    "not how often it is right"
)


def find_source(dataset: str, option: str = "") -> Source:
    """The source that claims a name; raises DataError. `option` is where the name was given."""
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


def check_there(dataset: str, unlabelled: str = "") -> None:
    """Raises DataError for names that a glance shows to be wrong."""
    for name, option in ((dataset, ""), (unlabelled, "--unlabelled")):
        if name.strip() and name != NO_POOL and (told := find_source(name, option).lacks(name)):
            raise DataError(f"{option}: {told}" if option else told)


def own_pool(found: Splits, options: ReadOptions) -> tuple[Splits, dict[str, RawSplit]]:
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
            "empty, or give these rows with --unlabelled beside a --dataset with labels; or "
            f"compare students with the teacher alone: --metric {AGREEMENT}."
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


def supplies_of(
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
        splits = find_source(name, "--unlabelled").read(name, replace(options, beside=train))
        found.append(supply_of(splits, train, size))
    for source, split in own.items():
        found.append(replace(supply_of(Splits({"": split}, source), train, size), asked=False))
    if rest is not None:
        found.append(Supply(without_labels(rest), "the training rows that --rows leaves out"))
    return found


def read_splits(dataset: str, options: ReadOptions, answer: Answer | None) -> Splits:
    """The splits of a dataset; with `answer`, all its texts with a teacher's labels as train."""
    source, columns = find_source(dataset), options.columns
    if answer is None:
        return source.read(dataset, options)
    like = RawSplit(
        (),
        () if "pair" in columns else None,
        None,
        dataset,
        (),
        text_column=columns.get("text", ""),
        pair_column=columns.get("pair"),
    )
    supply = supply_of(source.read(dataset, replace(options, beside=like)), like, None)
    pool = make_pool([supply], train=supply.rows.take([]), held_out=())
    rows = pool.rows
    assert rows is not None  # a supply that adds nothing was refused
    names, classes = answer(rows)
    known = np.flatnonzero(classes >= 0)
    if len(known) < MIN_ROWS:
        raise DataError(
            f"the teacher answers {len(known)} of the {len(rows):,} texts of {supply.source}, too "
            f"few: at least {MIN_ROWS} are needed."
        )
    kept = rows.take(known)
    labels = [names[i] for i in classes[known]]
    if len(set(labels)) == 1:
        raise DataError(f"the teacher predicts '{labels[0]}' for every text of {supply.source}.")
    notes = [note.replace(" unlabelled rows from ", " texts from ") for note in pool.notes]
    notes.append(MEANING)
    if len(known) < len(rows):
        notes.append(f"{len(rows) - len(known):,} texts have no answer and are left out")
    split = RawSplit(
        kept.first,
        kept.second,
        labels,
        supply.source,
        range(1, len(kept) + 1),
        text_column=like.text_column,
        origin=[-1] * len(kept),
    )
    return Splits({"train": split}, supply.source, names, AGREEMENT, tuple(notes))
