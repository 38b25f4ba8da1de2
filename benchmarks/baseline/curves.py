"""Score against seconds, of two programs side by side."""

from collections.abc import Sequence

from rich.table import Table

Curve = Sequence[tuple[float, float]]
"""(seconds, score) pairs."""


def merge(*curves: Curve) -> list[tuple[float, tuple[float | None, ...]]]:
    """(seconds, best score of each curve so far), in the order of time.

    One row for each improvement in any of them.
    """
    points = sorted(
        (seconds, i, score) for i, curve in enumerate(curves) for seconds, score in curve
    )
    best: list[float | None] = [None] * len(curves)
    rows: list[tuple[float, tuple[float | None, ...]]] = []
    for seconds, i, score in points:
        before = best[i]
        if before is None or score > before:
            best[i] = score
            rows.append((seconds, tuple(best)))
    return rows


def draw(baseline: Curve, ours: Curve) -> Table:
    """Both curves as a table."""
    table = Table(
        title="Best score so far on the validation rows, higher is better", title_justify="left"
    )
    for head in ("seconds", "baseline", "autodistill"):
        table.add_column(head, justify="right")
    for seconds, scores in merge(baseline, ours):
        table.add_row(
            f"{seconds:,.0f}", *("" if score is None else f"{score:.4f}" for score in scores)
        )
    table.caption = (
        "other rows and shorter trainings on autodistill's side: compare each curve with itself"
    )
    table.caption_justify = "left"
    return table
