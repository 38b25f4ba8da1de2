"""Numeric labels cut into equal bins: regression as ordered classification."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._labels import MIN_ROWS, name_of, some
from autodistill.datasets._source import Label, RawSplit
from autodistill.errors import DataError

BINS = 21
MOST_CLASSES = 20
"""Number of different values up to which numeric labels are classes."""
DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?")
MOSTLY = 0.9
"""Share of the different labels that have to be numbers."""


def is_scale_of(split: RawSplit) -> bool:
    """Whether labels are many different numbers that are not all whole.

    A few labels that are no numbers are a mistake in the data, not classes.
    """
    names = {
        name_of(label) for label in split.labels or () if isinstance(label, int | float | str)
    } - {None}
    values = [v for name in names if math.isfinite(v := _number(name))]
    return (
        len(names) > MOST_CLASSES
        and len(values) > MOSTLY * len(names)
        and not all(v.is_integer() for v in values)
    )


def bins_of(train: RawSplit) -> NDArray[np.float64]:
    """Centres of the bins, lowest to highest; raises DataError for too few rows."""
    values = numbers(train)
    if len(values) < MIN_ROWS:
        raise DataError(
            f"{train.where} has {len(values)} rows, too few: at least {MIN_ROWS} are needed; "
            "add labelled texts."
        )
    return np.linspace(values.min(), values.max(), BINS)


def bin_names(centres: NDArray[np.float64]) -> tuple[str, ...]:
    """Names of the bins: their centres as text."""
    return tuple(f"{c:.4g}" if c % 1 else f"{c:.1f}" for c in centres)


def numbers(split: RawSplit) -> NDArray[np.float64]:
    """Labels as numbers; raises DataError naming the rows without one."""
    values = np.array([_number(label) for label in split.labels or ()])
    if missing := [row for row, value in zip(split.rows, values) if not math.isfinite(value)]:
        raise DataError(
            f"{split.where}: no number in column '{split.label_column}' at row {some(missing)}, "
            "where the others are numbers on a scale; fill it in or remove these rows."
        )
    return values


def into_bins(split: RawSplit, centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """The nearest bin of each label; outside the range of train, the end bin."""
    step = (centres[-1] - centres[0]) / (len(centres) - 1)
    found: NDArray[np.int64] = np.clip(
        np.rint((numbers(split) - centres[0]) / step), 0, len(centres) - 1
    ).astype(np.int64)
    return found


def with_points(labels: Sequence[Label]) -> tuple[Sequence[Label], bool]:
    """Labels with points for decimal commas, where all are such numbers; whether that is so.

    1,234 alone may be a thousand: some label needs another number of digits behind the comma.
    """
    texts = [label.strip() for label in labels if isinstance(label, str) and label.strip()]
    if len(texts) < len(labels) or not all(map(DECIMAL_COMMA.fullmatch, texts)):
        return labels, False
    digits = {len(behind) for text in texts if (behind := text.partition(",")[2])}
    if not digits - {3}:
        return labels, False
    return [text.replace(",", ".") for text in texts], True


def _number(label: object) -> float:
    """The label as a float; NaN when it is not a number."""
    try:
        return float(str(label))
    except ValueError:
        return math.nan
