"""Scores of students against their parameters, drawn in characters for a terminal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autodistill.prepare.quantities import cost_text

WIDTH, HEIGHT = 48, 5
"""Characters of the drawing, without its labels."""
BEST, OTHER, LINE = "●", "·", "┈"


@dataclass(frozen=True)
class Point:
    """A student: its parameters, the score of a run, whether no smaller one equals it."""

    params: float
    score: float
    leads: bool


def plot(points: Sequence[Point], teacher: float | None = None) -> list[str]:
    """Lines of a drawing, highest score first; a dotted line is the teacher's score.

    Students far below those that lead are left out. None where all have one size.
    """
    if not points:
        return []
    least = min(p.score for p in points if p.leads)
    high = max([p.score for p in points] + ([] if teacher is None else [teacher]))
    low = least - 0.25 * (high - least)
    shown = [p for p in points if p.score >= low]
    sizes = sorted({p.params for p in shown})
    if len(sizes) < 2 or high <= low:
        return []
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    if teacher is not None:
        rows[_row(teacher, low, high)] = [LINE] * WIDTH
    for point in sorted(shown, key=lambda p: p.leads):
        across = math.log(point.params / sizes[0]) / math.log(sizes[-1] / sizes[0])
        column = round(across * (WIDTH - 1))
        rows[_row(point.score, low, high)][column] = BEST if point.leads else OTHER
    left = {0: f"{high:.4f}", HEIGHT - 1: f"{low:.4f}"}
    drawn = [f"{left.get(n, ''):>8} ┤{''.join(row)}".rstrip() for n, row in enumerate(rows)]
    ends = (cost_text("params", sizes[0]), f"{cost_text('params', sizes[-1])} parameters")
    return [*drawn, f"{'':>9} {ends[0]:<{WIDTH - len(ends[1])}}{ends[1]}"]


def _row(score: float, low: float, high: float) -> int:
    """The row of a score, the first at the top."""
    return round((high - score) / (high - low) * (HEIGHT - 1))
