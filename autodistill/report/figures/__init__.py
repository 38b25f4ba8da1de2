"""Figures: a member draws one or several studies with Plotly, at home here."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plotly import graph_objects as go

from autodistill.analysis.variance import Share
from autodistill.study.results import StudyResult

Cells = Sequence[Sequence[Any]]
"""One sequence per row."""
LAYOUT: Mapping[str, Any] = {
    "template": "plotly_white",
    "margin": {"l": 60, "r": 20, "t": 30, "b": 50},
    "height": 420,
    "legend": {"orientation": "h", "y": -0.2},
}


class Drawing(ABC):
    """One kind of figure."""

    title: str

    @abstractmethod
    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """A figure of studies by name; None where there is nothing to draw.

        `published` holds shares of stages from the literature, by task.
        """


def heat_map(
    columns: Sequence[str], rows: Sequence[str], values: Cells, texts: Cells, left: int, **how: Any
) -> go.Figure:
    """A heat map, first row on top; `left` is the room for row names, in pixels."""
    layout = {
        **LAYOUT,
        "height": 170 + 42 * len(rows),
        "margin": {**LAYOUT["margin"], "l": left, "b": 100},
    }
    figure = go.Figure(layout=layout)
    figure.add_heatmap(x=columns, y=rows, z=values, text=texts, texttemplate="%{text}", **how)
    return figure.update_layout(yaxis_autorange="reversed")


def labels(studies: Mapping[str, StudyResult]) -> list[str]:
    """Labels of the studies for an axis: datasets where these differ, else names."""
    datasets = [record.study.dataset for record in studies.values()]
    if len(set(datasets)) < len(studies):
        return list(studies)
    return [escape(dataset, quote=False) for dataset in datasets]


def by_stage(shares: list[Share]) -> dict[str, Share]:
    """Shares by the name of the stage."""
    return {s.stage: s for s in shares}
