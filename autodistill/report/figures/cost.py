"""Seconds of a study by what its trials were for.

Source   none needed.
Idea     How much of the search went into new recipes, and how much into repeats, baselines and
         trials that were stopped.
Inputs   the seconds that each trial took, start and end included, added up over the workers.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.figures import GREY, LAYOUT, PALETTE, Drawing
from autodistill.report.seconds import KINDS, Spent, seconds_remark, seconds_table, spent_by_kind
from autodistill.report.table import Table
from autodistill.study.results import StudyResult

ROW = 34
"""Pixels of a bar."""
COLORS = {"stopped": GREY, "failed": GREY, "alone": PALETTE[1], "vanilla": PALETTE[1]} | {
    "random": PALETTE[1]
}
"""Trials that are no recipe of the search."""


class Cost(Drawing):
    """One bar per kind of trial; they add up to the study's seconds."""

    title = "Where the seconds went"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        found = spent_by_kind(next(iter(studies.values())))
        if not found:
            return None
        longest = max(each.seconds for each in found) or 1.0
        figure = go.Figure(layout={**LAYOUT, "height": 110 + ROW * len(found)})
        figure.add_bar(
            orientation="h",
            x=[each.seconds for each in found],
            y=[KINDS[each.kind] for each in found],
            text=[_text(each) for each in found],
            textposition="outside",
            cliponaxis=False,
            marker_color=[COLORS.get(each.kind, PALETTE[0]) for each in found],
            hovertemplate="%{y}: %{x:,.1f} s<extra></extra>",
        )
        return figure.update_layout(
            xaxis={"title": "seconds, all workers added up", "range": [0, 1.3 * longest]},
            yaxis_autorange="reversed",
            margin_b=60,
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same seconds and their sum."""
        return seconds_table(next(iter(studies.values())))

    def remark(self, studies: Mapping[str, StudyResult]) -> str:
        """The time by the clock, and what is not recorded."""
        return seconds_remark(next(iter(studies.values())))


def _text(spent: Spent) -> str:
    plural = "s" if spent.trials != 1 else ""
    return f"{spent.seconds:,.0f} s, {spent.trials:,} trial{plural}"
