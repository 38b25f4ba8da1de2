"""Past studies of datasets like this one.

Source   distances of fingerprints, as in `autodistill.recommend.advice`.
Idea     The shorter the bar, the more alike the datasets: what won there is worth a try here.
Inputs   a study whose dataset has a fingerprint, and the studies that ship or lie in ./studies.
"""

from collections.abc import Mapping
from html import escape

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, PALETTE, Drawing
from autodistill.report.past import PastStudies, past_of_study, past_table
from autodistill.report.table import Table
from autodistill.study.results import StudyResult

ROW = 32
"""Pixels of a bar."""


class Past(Drawing):
    """One bar per past study, the nearest on top."""

    title = "Past studies like this one"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        near = _first(studies).nearest
        if not near:
            return None
        figure = go.Figure(layout={**LAYOUT, "height": 110 + ROW * len(near)})
        figure.add_bar(
            orientation="h",
            x=[study.distance for study in near],
            y=[escape(study.name, quote=False) for study in near],
            marker_color=PALETTE[0],
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
        )
        return figure.update_layout(
            xaxis_title="distance of the datasets<br>lower is more alike",
            yaxis={"autorange": "reversed", "type": "category"},
            margin_b=70,
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same studies, with the recipe that won in each."""
        found = _first(studies)
        return past_table(found) if found.nearest else None

    def remark(self, studies: Mapping[str, StudyResult]) -> str:
        """How far advice from past studies can be trusted."""
        return _first(studies).trust


def _first(studies: Mapping[str, StudyResult]) -> PastStudies:
    name, record = next(iter(studies.items()))
    return past_of_study(record, name)
