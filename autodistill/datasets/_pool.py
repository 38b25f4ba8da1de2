"""The pool of unlabelled rows: made of what a person gave, each row once and in no split."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np

from autodistill.datasets import Rows, join
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._images import of_size
from autodistill.datasets._source import RawSplit, Splits
from autodistill.datasets._usable import as_texts, empty_places
from autodistill.errors import DataError

Key = tuple[str, str]
"""The texts of a row: the second one, or the first again where there is none."""


@dataclass(frozen=True)
class Supply:
    """Unlabelled rows of one source, before they are compared with others."""

    rows: Rows
    source: str
    """The place they come from, for people."""
    asked: bool = False
    """Whether a person named this source: then it has to add rows."""
    blank: int = 0
    """Rows of the source without a text."""
    columns: str = ""
    """The columns that were read, for people."""
    notes: tuple[str, ...] = ()
    """Remarks on how it was read."""


@dataclass(frozen=True)
class Pool:
    """Unlabelled rows, and notes on those left out."""

    rows: Rows | None
    notes: tuple[str, ...] = ()


@dataclass
class _Seen:
    """The rows that unlabelled ones are compared with, by what they are."""

    by: Mapping[str, set[Key]]
    own: set[Key] = field(default_factory=set)

    def why_not(self, key: Key) -> str:
        """The reason to leave a row out; empty for a new one, which counts as seen then."""
        found = next((name for name, keys in self.by.items() if key in keys), "")
        if found or key in self.own:
            return found or "repeats"
        self.own.add(key)
        return ""


WHY = {
    "repeats": "repeated",
    "train": "among the labelled training rows",
    "held out": "among the validation or test rows, which are never learned from",
}
"""Reasons to leave rows out, for people."""


def make_pool(supplies: Sequence[Supply], *, train: Rows, held_out: Sequence[Rows]) -> Pool:
    """The rows of all sources, each once, without those of the splits.

    Raises DataError where a source that a person named adds nothing.
    """
    seen = _Seen({"held out": {k for r in held_out for k in keys(r)}, "train": set(keys(train))})
    found, notes = list[Rows](), list[str]()
    for supply in supplies:
        notes += supply.notes
        why = [seen.why_not(key) for key in keys(supply.rows)]
        kept = [i for i, reason in enumerate(why) if not reason]
        left = [f"{n:,} {WHY[r]}" for r in WHY if (n := why.count(r))]
        left += [f"{supply.blank:,} without a text"] if supply.blank else []
        whole = len(why) + supply.blank
        if supply.asked and not kept:
            raise DataError(
                f"none of the {whole:,} rows of {supply.source} is left as an unlabelled one; left "
                f"out: {', '.join(left)}. Give other {_kind(train)}, or leave out --unlabelled."
            )
        if kept:
            found.append(supply.rows.take(kept))
        if whole:
            read = f" ({supply.columns})" if supply.columns else ""
            notes.append(
                f"{len(kept):,} unlabelled rows from {supply.source}{read}"
                + (f"; left out: {', '.join(left)}" if left else "")
            )
    return Pool(reduce(join, found) if found else None, tuple(notes))


def supply_of(found: Splits, beside: RawSplit, size: tuple[int, int] | None) -> Supply:
    """The texts or images of every split of a source that a person named."""
    found = eight_bit(found)
    parts = [_unlabelled(split, beside) for split in found.splits.values()]
    if not parts or not any(len(part.texts) for part in parts):
        raise DataError(f"{found.source} has no rows; give unlabelled texts or images.")
    kept = [part.take(full) for part in parts if (full := _full(part))]
    whole = sum(len(part.texts) for part in parts)
    made = [rows_of(part, size, origin=False) for part in kept]
    if not made:
        raise DataError(
            f"{found.source} has no text in any of its {whole:,} rows; give unlabelled texts."
        )
    rows = reduce(join, made)
    first = parts[0]
    named = [("text" if first.images is None else "image", first.text_column)]
    named.append(("pair", first.pair_column or ""))
    columns = ", ".join(f"{role} = `{name}`" for role, name in named if name)
    return Supply(rows, found.source, True, whole - len(rows), columns, found.notes)


def rows_of(split: RawSplit, size: tuple[int, int] | None, *, origin: bool) -> Rows:
    """Rows without labels; with `origin` they know their places in the train split."""
    images = None if size is None else np.stack([of_size(i, size) for i in split.images or ()])
    places: Iterable[int] = [-1] * len(split.texts)
    if origin:
        places = range(len(split.texts)) if split.origin is None else split.origin
    return Rows(
        tuple(map(str, split.texts)),
        None if split.pairs is None else tuple(map(str, split.pairs)),
        np.full(len(split.texts), -1, dtype=np.int64),
        np.array(list(places), dtype=np.int64),
        images,
    )


def without_labels(rows: Rows) -> Rows:
    """The same rows, their labels forgotten."""
    return replace(rows, labels=np.full(len(rows), -1, dtype=np.int64))


def keys(rows: Rows) -> list[Key]:
    """The identity of each row: its texts, or the content-based name of its image."""
    return list(zip(rows.first, rows.second or rows.first))


def _unlabelled(split: RawSplit, beside: RawSplit) -> RawSplit:
    """The split without labels, with texts of the kind that the train split has."""
    split = replace(split, labels=None)
    if (split.images is None) != (beside.images is None):
        ours, theirs = ("texts" if s.images is None else "images" for s in (beside, split))
        raise DataError(f"{split.where} has {theirs}, {beside.where} has {ours}: give {ours}.")
    if (split.pairs is None) != (beside.pairs is None):
        ours, theirs = (
            "single texts" if s.pairs is None else "pairs of texts" for s in (beside, split)
        )
        raise DataError(f"{split.where} has {theirs}, {beside.where} has {ours}: give {ours}.")
    if not len(split.texts):
        return split
    split = replace(split, texts=as_texts(split, split.texts, split.text_column)[0])
    if split.pairs is None:
        return split
    return replace(split, pairs=as_texts(split, split.pairs, split.pair_column or "")[0])


def _full(split: RawSplit) -> list[int]:
    """Places of the rows with all their texts."""
    empty = {i for column in (split.texts, split.pairs or ()) for i in empty_places(column)}
    return [i for i in range(len(split.texts)) if i not in empty]


def _kind(rows: Rows) -> str:
    return "texts" if rows.images is None else "images"
