"""The scores of a run at its rungs as a line of a few pixels, drawn in SVG."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 72, 18, 2
Curve = Sequence[tuple[int, float]]


def bounds(curves: Iterable[Curve]) -> tuple[float, float]:
    """The lowest and the highest score: one scale for all lines of a page."""
    values = [value for curve in curves for _, value in curve]
    return (min(values), max(values)) if values else (0.0, 1.0)


def sparkline(curve: Curve, low: float, high: float, last: int) -> Markup:
    """The line, with its numbers for those who cannot see it; `last` is the last rung of all."""
    if not curve:
        return Markup("")
    points = [
        (
            EDGE + (WIDTH - 2 * EDGE) * step / max(1, last),
            EDGE + (HEIGHT - 2 * EDGE) * (high - value) / ((high - low) or 1.0),
        )
        for step, value in curve
    ]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    told = ", ".join(f"{value:.3g}" for _, value in curve)
    x, y = points[-1]
    return Markup(
        '<svg class="spark" width="{w}" height="{h}" role="img" aria-label="scores at rungs: '
        '{told}"><polyline points="{path}"/><circle cx="{x:.0f}" cy="{y:.0f}" r="2"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, told=told, path=path, x=x, y=y)
