"""The drawing that the figures of the front share: score against one cost."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plotly import graph_objects as go

from autodistill.analysis.recipe_gains import recipe_name
from autodistill.report.figures import GREY, LAYOUT, PALETTE
from autodistill.report.figures._axes import axis_of, beside_each_other
from autodistill.report.front_points import SAID, FrontPoint
from autodistill.report.sentences import metric_name
from autodistill.report.student_names import student_names
from autodistill.study.results import StudyResult

LOOKS: dict[str, dict[str, Any]] = {
    "recipe": {"symbol": "circle", "color": "#56b4e9", "size": 7},
    "tied": {"symbol": "circle", "color": PALETTE[0], "size": 11},
    "alone": {"symbol": "x", "color": PALETTE[1], "size": 9},
    "recommended": {"symbol": "star", "color": PALETTE[2], "size": 17},
}
BELOW = {"legend_y": -0.34, "margin_b": 110}
"""Room for an axis title of two lines above the legend."""
MOST_TEXTS = 300
"""Points that carry the name of their recipe; the page stays small with thousands."""

Place = tuple[float, FrontPoint]
"""A point and its cost, as it is drawn."""


def front_figure(
    record: StudyResult, points: Sequence[Place], axis_title: str, limit: float | None
) -> go.Figure | None:
    """The points by cost and score; None where all have one cost."""
    if len({cost for cost, _ in points}) < 2:
        return None
    names = student_names(p.pipeline.student for _, p in points)
    figure = go.Figure(layout={**LAYOUT, "height": 440})
    figure.add_scatter(**_front_line(points))
    for look, marker in LOOKS.items():
        if own := [(cost, p) for cost, p in _apart(points) if p.look == look]:
            has_texts = len(points) <= MOST_TEXTS
            figure.add_scatter(
                **_dots(own, names if has_texts else {}), name=SAID[look], marker=marker
            )
    costs = [cost for cost, _ in points]
    axis = axis_of([*costs, limit] if limit else costs)
    for cost, point in _apart(points):
        if point.size_name:
            figure.add_annotation(**_label(point, cost, axis))
    if teacher := record.facts.teacher_score:
        figure.add_hline(y=teacher, line_dash="dot", line_color=GREY, annotation_text="teacher")
    if limit:
        figure.add_vline(x=limit, line_dash="dash", line_color=PALETTE[1])
        figure.add_annotation(**_place(limit, axis), y=1, yref="paper", text="limit")
    return figure.update_layout(
        xaxis={**axis, "title": axis_title},
        yaxis_title=f"{metric_name(record.study.metric)}, higher is better",
        **BELOW,
    )


def front_of(points: Sequence[Place]) -> list[Place]:
    """The points that no other one beats in cost and score at once, cheapest first."""
    found: list[Place] = []
    for cost, point in sorted(points, key=lambda pair: (pair[0], -pair[1].score)):
        if not found or point.score > found[-1][1].score:
            found.append((cost, point))
    return found


def _front_line(points: Sequence[Place]) -> dict[str, Any]:
    front = front_of(points)
    return {
        "x": [cost for cost, _ in front],
        "y": [p.score for _, p in front],
        "mode": "lines",
        "line": {"shape": "hv", "color": GREY, "width": 1},
        "name": "front",
        "hoverinfo": "skip",
    }


def _apart(points: Sequence[Place]) -> list[Place]:
    """The same points, those with intervals at one cost beside each other."""
    compared = [pair for pair in points if pair[1].low is not None]
    if not compared:
        return list(points)
    moved = iter(beside_each_other([cost for cost, _ in compared]))
    return [(cost if p.low is None else next(moved), p) for cost, p in points]


def _dots(own: Sequence[Place], names: dict[str, str]) -> dict[str, Any]:
    each = [p for _, p in own]
    told = [
        f"trial {p.trial}"
        + (f": {names[str(p.pipeline.student)]} · {recipe_name(p.pipeline)}" if names else "")
        for p in each
    ]
    return {
        "x": [cost for cost, _ in own],
        "y": [p.score for p in each],
        "error_y": {
            "array": [0.0 if p.high is None else p.high - p.score for p in each],
            "arrayminus": [0.0 if p.low is None else p.score - p.low for p in each],
            "thickness": 1.5,
            "width": 3,
        },
        "text": [escape(text, quote=False) for text in told],
        "hovertemplate": "%{y:.4f} at %{x:.3g}<br>%{text}<extra></extra>",
        "mode": "markers",
    }


def _label(point: FrontPoint, cost: float, axis: Mapping[str, Any]) -> dict[str, Any]:
    """The name of a size above its point."""
    shown = _place(cost, axis)
    return {**shown, "y": point.score, "yanchor": "bottom", "yshift": 4, "text": point.size_name}


def _place(cost: float, axis: Mapping[str, Any]) -> dict[str, Any]:
    """The place of a text beside a cost, on the side where there is room."""
    where = math.log10(cost) if axis.get("type") == "log" else cost
    is_right = where > sum(axis["range"]) / 2
    side = {"xanchor": "right", "xshift": -8} if is_right else {"xanchor": "left", "xshift": 8}
    return {"x": where, "showarrow": False, **side}
