"""Rows that can be used: those with a text and a label; the others are counted."""

from collections.abc import Sequence
from dataclasses import replace

from autodistill.datasets._labels import MIN_ROWS, name_of, some
from autodistill.datasets._scale import with_points
from autodistill.datasets._source import Label, RawSplit
from autodistill.datasets._text import shows_nothing
from autodistill.errors import DataError

FEW_EMPTY = 0.01
"""Share of a split's rows that may lack a text or a label; above it, loading fails."""
MOSTLY = 0.5
"""Share of a column's values that have to be texts for its numbers to be read as texts."""


def apart(split: RawSplit, *, declared: bool) -> tuple[RawSplit, RawSplit | None]:
    """The rows with a label, and those without one where they are too many for mistakes.

    Where the classes are declared, -1 is no label, as on the hub. A text is required of the latter.
    """
    labels: Sequence[Label] = split.labels or ()
    if declared and min((v for v in labels if type(v) is int), default=0) == -1:
        labels = [None if type(v) is int and v == -1 else v for v in labels]
        split = replace(split, labels=labels)
    bare = {i for i, label in enumerate(labels) if is_missing(label)}
    full = bare - {i for column in (split.texts, split.pairs or ()) for i in empty_places(column)}
    if len(full) < max(MIN_ROWS, FEW_EMPTY * len(split.texts)) or len(bare) == len(labels):
        return split, None
    return split.take([i for i in range(len(labels)) if i not in full]), split.take(sorted(full))


def usable(split: RawSplit) -> tuple[RawSplit, list[str]]:
    """The rows with a text and a label, and notes on the others.

    Rows with neither are left out; raises DataError where more than `FEW_EMPTY` of the rows lack
    one of them, and for values that are no texts.
    """
    if not len(split.texts):
        raise DataError(f"{split.where} has no rows; add labelled texts.")
    texts, notes = as_texts(split, split.texts, split.text_column)
    split = replace(split, texts=texts)
    if split.pairs is not None:
        pairs, more = as_texts(split, split.pairs, split.pair_column or "")
        split, notes = replace(split, pairs=pairs), [*notes, *more]
    labels, commas = with_points(split.labels or ())
    if commas:
        split = replace(split, labels=labels)
        notes.append(f"commas in column '{split.label_column}' of {split.where} are read as points")
    bare = {i for i, label in enumerate(split.labels or ()) if is_missing(label)}
    empty = {i for column in (texts, split.pairs or ()) for i in empty_places(column)}
    blank = {i for i in bare & empty if _is_blank(split, i)}
    for places, what, where in (
        (empty - blank, "empty text", ""),
        (bare - blank, "no label", f" in column '{split.label_column}'"),
    ):
        if len(places) > FEW_EMPTY * len(texts):
            raise DataError(
                f"{split.where}: {what}{where} at row {_rows(split, places)}; fill it in or remove "
                f"{'these rows' if len(places) > 1 else 'this row'}."
            )
    for places, what in (
        (blank, "are blank"),
        (empty - blank, "have no text"),
        (bare - blank - empty, "have no label"),
    ):
        if places:
            notes.append(
                f"{len(places)} of {len(texts)} rows of {split.where} {what} and are left out: "
                f"row {_rows(split, places)}"
            )
    kept = [i for i in range(len(texts)) if i not in empty and i not in bare]
    return (split if len(kept) == len(texts) else split.take(kept)), notes


def as_texts(
    split: RawSplit, column: Sequence[object], name: str, mostly: float = MOSTLY
) -> tuple[Sequence[object], list[str]]:
    """Texts and None; numbers among texts are read as they are written.

    `mostly` is the share of values from which on numbers are too many.
    """
    odd = [
        i
        for i, value in enumerate(column)
        if not (value is None or isinstance(value, str)) and value == value
    ]
    numbers = [i for i in odd if type(column[i]) in (int, float)]
    if odd and (len(numbers) < len(odd) or len(odd) > mostly * len(column)):
        first = next((i for i in odd if i not in set(numbers)), odd[0])
        value = column[first]
        raise DataError(
            f"{split.where}, row {split.rows[first]}: {value!r:.40} in column '{name}' is "
            f"{_kind(value)}, which is not text; {_remedy(value, len(odd), len(column))}"
        )
    if not any(not (value is None or isinstance(value, str)) for value in column):
        return column, []
    found = [
        str(v) if isinstance(v, int | float) and v == v else v if isinstance(v, str) else None
        for v in column
    ]
    if not odd:
        return found, []
    rows = some([split.rows[i] for i in odd])
    return found, [
        f"{len(odd)} number{'s' * (len(odd) > 1)} in column '{name}' of {split.where} "
        f"{'are' if len(odd) > 1 else 'is'} read as text: row {rows}"
    ]


def _kind(value: object) -> str:
    match value:
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case bytes():
            return "bytes"
    return f"a {type(value).__name__}"


def _remedy(value: object, odd: int, rows: int) -> str:
    if isinstance(value, list | tuple):
        return "join its words to one text, or name another column (--column text=COLUMN)."
    if odd > MOSTLY * rows:
        return "name the text column (--column text=COLUMN)."
    return "write it as text, or remove the row."


def empty_places(column: Sequence[object]) -> list[int]:
    """Places without a text."""
    return [i for i, text in enumerate(column) if text is None or shows_nothing(str(text))]


def is_missing(label: object) -> bool:
    """Whether there is no label, in the place of one."""
    return isinstance(label, Label) and name_of(label) is None


def _is_blank(split: RawSplit, place: int) -> bool:
    parts = (split.texts[place], *([split.pairs[place]] if split.pairs is not None else []))
    return all(part is None or not str(part).strip() for part in parts)


def _rows(split: RawSplit, places: set[int]) -> str:
    return some(sorted(split.rows[i] for i in places))
