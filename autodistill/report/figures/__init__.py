"""Figures: a member draws one or several studies with Plotly, at home here."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plotly import graph_objects as go

from autodistill.analysis.variance import Share
from autodistill.report.table import Table
from autodistill.study.results import StudyResult

Cells = Sequence[Sequence[Any]]
"""One sequence per row."""
GREY = "#8c8c8c"
"""The colour of bars that chance may explain."""
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", GREY)
"""Colours that people with any colour vision tell apart (Okabe and Ito 2008), in order of use."""
CLEAR, GRID = "rgba(0,0,0,0)", "rgba(128,128,128,0.25)"
AXIS = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID, "automargin": True}
LAYOUT: Mapping[str, Any] = {
    "template": go.layout.Template(
        layout={
            "colorway": PALETTE,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "font": {"family": "system-ui, sans-serif", "size": 13},
            "xaxis": AXIS,
            "yaxis": AXIS,
            "legend": {"bgcolor": CLEAR, "orientation": "h", "y": -0.28, "itemsizing": "constant"},
            "hoverlabel": {"bgcolor": "#24292f", "font": {"color": "#ffffff"}},
        }
    ),
    "margin": {"l": 60, "r": 20, "t": 20, "b": 90},
    "height": 400,
}
"""One look for all figures: no background of their own, so that the page may be dark or light."""


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

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The figure as a table, for those who cannot see it or want exact numbers."""
        return None

    def remark(self, studies: Mapping[str, StudyResult]) -> str:
        """A sentence or two below the figure; empty where nothing is to be said."""
        return ""

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """Tables to read beside the figure; they may be there where nothing can be drawn."""
        return ()


def heat_map(
    columns: Sequence[str], rows: Sequence[str], values: Cells, texts: Cells, left: int, **how: Any
) -> go.Figure:
    """A heat map, first row on top; `left` is the room for row names, in pixels."""
    layout = {
        **LAYOUT,
        "height": 110 + 42 * len(rows),
        "margin": {**LAYOUT["margin"], "l": left, "b": 40},
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
