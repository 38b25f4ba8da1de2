"""Axes whose marks can be read: 1, 2 and 5 of each decade, written out."""

import math
from collections.abc import Sequence
from typing import Any

WIDE = 10.0
"""Ratio of the largest to the smallest value from which on an axis is logarithmic."""
FEW = 9
"""Marks from which on those at 2 and at 5 are left out."""
MARGIN = 0.08
"""Share of an axis that is left free on each side."""


def axis_of(values: Sequence[float]) -> dict[str, Any]:
    """A layout for an axis of positive values that starts and ends a little beyond them."""
    low, high = min(values), max(values)
    if not (low > 0 and high > WIDE * low):
        room = MARGIN * (high - low) or 0.1 * abs(high) or 1.0
        return {"range": [low - room, high + room]}
    ends = math.log10(low), math.log10(high)
    room = MARGIN * (ends[1] - ends[0])
    marks = _marks(ends[0] - room, ends[1] + room)
    return {
        "type": "log",
        "range": [ends[0] - room, ends[1] + room],
        "tickvals": marks,
        "ticktext": [f"{mark:,.10g}" for mark in marks],
    }


def beside_each_other(values: Sequence[float]) -> list[float]:
    """The values, those that are equal moved apart by little, so that their intervals show.

    The first of them moves farthest to the left.
    """
    low, high = min(values), max(values)
    is_log = low > 0 and high > WIDE * low
    span = math.log10(high / low) if is_log else high - low
    found = list(values)
    for value in set(values):
        same = [i for i, other in enumerate(values) if other == value]
        step = span * min(0.015, 0.06 / len(same))
        for place, i in enumerate(same):
            shift = (place - (len(same) - 1) / 2) * step
            found[i] = value * 10**shift if is_log else value + shift
    return found


def _marks(low: float, high: float) -> list[float]:
    """Powers of ten between two logarithms, with 2 and 5 times them where there is room."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    whole = [
        digit * 10.0**decade
        for decade in decades
        for digit in (1, 2, 5)
        if low <= math.log10(digit * 10.0**decade) <= high
    ]
    tens = [mark for mark in whole if math.log10(mark).is_integer()]
    return whole if len(whole) <= FEW or len(tens) < 2 else tens
