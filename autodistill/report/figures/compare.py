"""Fronts of several studies: score against latency.

Source   none needed.
Idea     Up is better, left is faster; a star is the student that a study recommends.
Inputs   up to six studies, the students that no other one of the same study beats in score and
         latency at once.
"""

from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from autodistill.report.compare import compare_table, remark
from autodistill.report.figures import LAYOUT, PALETTE, Drawing
from autodistill.report.figures._axes import axis_of
from autodistill.report.figures._front import Place, front_of
from autodistill.report.front_points import front_points
from autodistill.report.sentences import metric_name
from autodistill.report.table import Column, Table
from autodistill.study.results import StudyResult

MOST = 6
"""Studies that are told apart by their colours."""


class Compare(Drawing):
    """One line per study, with a star at the recommended student."""

    title = "Studies side by side"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """None for one study, for more than there are colours, or without latencies."""
        fronts = _fronts(studies)
        if len(studies) < 2 or not fronts or len(fronts) > MOST:
            return None
        figure = go.Figure(layout={**LAYOUT, "height": 440})
        for color, (name, front) in zip(PALETTE, fronts.items()):
            _add(figure, name, front, {"size": 9, "color": color})
            star = [pair for pair in _points(name, studies[name]) if _is_chosen(pair)]
            _add(figure, name, star, {"symbol": "star", "size": 17, "color": color})
        metrics = {metric_name(record.study.metric) for record in studies.values()}
        costs = [cost for front in fronts.values() for cost, _ in front]
        return figure.update_layout(
            xaxis={**axis_of(costs), "title": "milliseconds per row<br>lower is faster"},
            yaxis_title=f"{metrics.pop() if len(metrics) == 1 else 'score'}, higher is better",
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The points of all fronts."""
        columns = (
            Column("study"),
            Column("trial", align="right"),
            Column("score", format=".4f", align="right"),
            Column("latency", "ms", ".3g", "right"),
        )
        rows = tuple(
            (name, point.trial, point.score, cost)
            for name, front in _fronts(studies).items()
            for cost, point in front
        )
        return Table("Fronts of the studies", columns, rows) if rows else None

    def remark(self, studies: Mapping[str, StudyResult]) -> str:
        """Whether scores may be compared."""
        return remark(studies)

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """Question and answer of each study."""
        return [compare_table(studies)] if len(studies) > 1 else []


def _add(
    figure: go.Figure, name: str, places: Sequence[Place], marker: Mapping[str, object]
) -> None:
    """The front as a line, or the recommended student as a star."""
    is_star = "symbol" in marker
    figure.add_scatter(
        x=[cost for cost, _ in places],
        y=[point.score for _, point in places],
        name=name,
        legendgroup=name,
        showlegend=not is_star,
        mode="markers" if is_star else "lines+markers",
        line={"shape": "hv", "width": 1, "color": marker["color"]},
        marker=marker,
        hovertemplate="%{y:.4f} at %{x:.3g} ms<extra>%{fullData.name}</extra>",
    )


def _fronts(studies: Mapping[str, StudyResult]) -> dict[str, list[Place]]:
    """The front of each study that has one."""
    found = {name: front_of(_points(name, record)) for name, record in studies.items()}
    return {name: front for name, front in found.items() if front}


def _points(name: str, record: StudyResult) -> list[Place]:
    return [(p.latency_ms, p) for p in front_points(record, name) if p.latency_ms]


def _is_chosen(place: Place) -> bool:
    return place[1].look == "recommended"
