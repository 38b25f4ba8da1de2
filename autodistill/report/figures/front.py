"""Score against speed.

Source   none needed.
Idea     The cost of a better score at prediction: up is better, left is faster.
Inputs   recipes with at least one complete run and a measured latency; bars are 95% intervals, the
         marker's size is the student's size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from plotly import graph_objects as go

from autodistill.analysis.leaderboard import LeaderRow, leaderboard
from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.report.costs import row_name
from autodistill.report.figures import LAYOUT, PALETTE, Drawing
from autodistill.report.sentences import metric_name
from autodistill.study.results import StudyResult, TrialGroup

WIDE = 10.0
"""Ratio of the slowest to the fastest from which on the axis of milliseconds is logarithmic."""
LOOKS = {
    "distilled": ("distilled", PALETTE[0], "circle"),
    "alone": ("the student alone, without a teacher", PALETTE[1], "x"),
    "recommended": ("recommended", PALETTE[2], "star"),
}


@dataclass(frozen=True)
class _Point:
    """A student in the figure."""

    look: str
    score: float
    below: float
    """Distance of the score to the lower end of its interval; 0 where it has none."""
    above: float
    latency: float
    """Milliseconds."""
    size: float
    """Bytes."""
    text: str


class Front(Drawing):
    """One point per recipe and per student alone."""

    title = "Score and speed"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study; None where all students have one shape."""
        name, record = next(iter(studies.items()))
        points = _points(name, record)
        if len({(p.latency, p.size) for p in points}) < 2:
            return None
        times = [p.latency for p in points]
        figure = go.Figure(layout=LAYOUT)
        for look in LOOKS:
            _add(figure, [p for p in points if p.look == look], look, points)
        if teacher := record.facts.teacher_score:
            figure.add_hline(
                y=teacher, line_dash="dot", line_color=PALETTE[-1], annotation_text="teacher"
            )
        row = row_name(record.outcomes[0].pipeline.student.name)
        return figure.update_layout(
            xaxis_title=f"milliseconds per {row}, one CPU thread",
            **_axis(times),
            yaxis_title=metric_name(record.study.metric),
        )


def _axis(times: Sequence[float]) -> dict[str, Any]:
    """A logarithmic axis, marked at 1, 2 and 5, where the times are far apart."""
    is_wide = max(times) > WIDE * min(times)
    return {"xaxis_type": "log", "xaxis_dtick": "D2"} if is_wide else {}


def _points(name: str, record: StudyResult) -> list[_Point]:
    """Recipes and students alone; those that the answer compares have an interval."""
    try:
        board = leaderboard(record, recommend(record, name)[1])
    except SpecError:
        return []
    compared = {row.trial: row for row in board if row.trial is not None}
    groups = [g for g in (*record.leaders(), *record.baselines("alone")) if "latency_ms" in g.cost]
    return [_point(group, compared.get(group.numbers[0])) for group in groups]


def _point(group: TrialGroup, row: LeaderRow | None) -> _Point:
    look = "recommended" if row and row.mark == "recommended" else group.baseline or "distilled"
    below = above = 0.0
    if row and row.low is not None and row.high is not None:
        below, above = row.score - row.low, row.high - row.score
    text = f"trial {group.numbers[0]}: {escape(str(group.pipeline), quote=False)}"
    cost = group.cost
    return _Point(
        look, group.mean, below, above, cost["latency_ms"], cost.get("size_bytes", 0.0), text
    )


def _add(figure: go.Figure, own: Sequence[_Point], look: str, points: Sequence[_Point]) -> None:
    if not own:
        return
    largest = max(p.size for p in points) or 1.0
    said, color, symbol = LOOKS[look]
    figure.add_scatter(
        x=[p.latency for p in own],
        y=[p.score for p in own],
        error_y={
            "array": [p.above for p in own],
            "arrayminus": [p.below for p in own],
            "thickness": 1,
            "width": 3,
        },
        text=[p.text for p in own],
        hovertemplate="%{y:.4f}, %{x:.3g} ms<br>%{text}<extra></extra>",
        name=said,
        mode="markers",
        marker={
            "size": [8 + 12 * (p.size / largest) ** 0.5 for p in own],
            "symbol": symbol,
            "color": color,
        },
    )
