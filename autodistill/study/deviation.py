"""The spread of scores over seeds."""

import math
from collections.abc import Iterable, Sequence
from statistics import stdev


def pooled_deviation(groups: Iterable[Sequence[float]]) -> float:
    """Standard deviation over seeds, pooled over groups; 0 when none has repeats."""
    many = [g for g in groups if len(g) > 1]
    freedom = sum(len(g) - 1 for g in many)
    return math.sqrt(sum(stdev(g) ** 2 * (len(g) - 1) for g in many) / freedom) if freedom else 0.0
