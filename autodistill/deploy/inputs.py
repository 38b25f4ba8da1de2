"""Inputs of a student as a program gives them: texts, pairs of texts, images."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from autodistill.datasets import Rows
from autodistill.datasets._depth import eight_bit
from autodistill.datasets._images import Deep, read_images
from autodistill.datasets._source import RawSplit, Splits
from autodistill.datasets._text import whole
from autodistill.errors import SpecError

CHUNK = 4096
"""Inputs that are read at once."""


def in_chunks(inputs: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Parts of the inputs, each with the place of its first; raises SpecError for one input."""
    if isinstance(inputs, str | bytes):
        raise SpecError(f"predict takes a list of texts, not one text; write [{inputs!r:.40}].")
    if hasattr(inputs, "columns"):
        raise SpecError(
            "predict takes texts, not a table; give one column, as in frame['text'], or pairs: "
            "list(zip(frame['text_a'], frame['text_b']))."
        )
    if isinstance(inputs, Mapping) or not isinstance(inputs, Iterable):
        raise SpecError(
            f"predict takes a list of texts, of pairs of texts or of images, not a "
            f"{type(inputs).__name__}."
        )
    rest, start = iter(inputs), 0
    while part := list(islice(rest, CHUNK)):
        yield start, part
        start += len(part)


def text_rows(part: Sequence[Any], start: int, *, pairs: bool | None = None) -> Rows:
    """Texts or pairs as rows without labels; raises SpecError with the first wrong place.

    `pairs` says what the network reads; None: nobody knows.
    """
    are_pairs = not isinstance(part[0], str) if pairs is None else pairs
    texts: list[Any] = [(item,) if isinstance(item, str) else item for item in part]
    for place, item in enumerate(texts, start):
        is_tuple = isinstance(item, tuple | list | np.ndarray)
        if not is_tuple or not len(item) or not all(isinstance(text, str) for text in item):
            raise SpecError(f"input {place} is {_kind(item)}, not a text; give a string.")
        if len(item) != 1 + are_pairs:
            have = "one text" if len(item) == 1 else f"{len(item)} texts"
            need = "a pair of texts" if are_pairs else "one text"
            whose = "the others are" if pairs is None else "this student reads"
            raise SpecError(f"input {place} is {have}, {whose} {need}; give {need} each.")
    first = tuple(whole(item[0]) for item in texts)
    second = tuple(whole(item[1]) for item in texts) if are_pairs else None
    return Rows(first, second, np.full(len(texts), -1))


def images_of(
    values: Sequence[Any], where: str, rows: Sequence[int]
) -> tuple[Sequence[Deep], tuple[str, ...]]:
    """Images of a column, 0 to 255, and notes on how they were read; raises DataError.

    The values are those of `read_images`; `where` and `rows` are for messages.
    """
    images = read_images(values, where, rows)
    split = RawSplit(list(rows), None, None, where, rows, images=images)
    read = eight_bit(Splits({"rows": split}, where))
    return read.splits["rows"].images or (), tuple(read.notes)


def check_images(part: Sequence[Any], start: int) -> None:
    """Raises SpecError for an input that is no image (height, width, 3)."""
    for place, item in enumerate(part, start):
        shape = getattr(item, "shape", None)
        if shape is None and not hasattr(item, "getbands"):  # an image of Pillow
            raise SpecError(f"input {place} is {_kind(item)}, not an image (height, width, 3).")
        if shape is not None and (len(shape) != 3 or shape[2] != 3):
            raise SpecError(
                f"input {place} has the shape {tuple(shape)}, not (height, width, 3); give a list "
                "of images."
            )


def _kind(item: object) -> str:
    if isinstance(item, tuple) and len(item) == 1:
        item = item[0]
    is_nan = isinstance(item, float) and item != item
    if item is None or is_nan or type(item).__name__ in ("NAType", "NaTType"):
        return "missing (None or NaN)"
    return f"a {type(item).__name__}: {item!r:.40}"
