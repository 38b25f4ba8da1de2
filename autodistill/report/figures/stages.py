"""Share of the differences between runs that each stage explains.

Source   one-way eta squared, as in `autodistill.analysis.variance`; beside it published shares.
Idea     A stage matters where its bar passes the mark of chance; bars that stay below are grey,
         and a map has no number there.
Inputs   complete runs of one or several studies, best of random searches.
"""

from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from autodistill.analysis.variance import Share, known_shares
from autodistill.report.figures import (
    CLEAR,
    GREY,
    LAYOUT,
    PALETTE,
    Drawing,
    by_stage,
    heat_map,
    labels,
)
from autodistill.report.stage_tables import importance_table, shares_table
from autodistill.report.table import Table
from autodistill.study.results import StudyResult

MOST_BARS = 4
"""Largest number of studies drawn as bars; more are drawn as a map."""


class Stages(Drawing):
    """One bar per study with a mark for chance, hollow bars for published shares.

    A map for many studies.
    """

    title = "Effect of each stage"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """Stages, and knobs that every run has; the others are in the table."""
        found = {
            name: by_stage(
                [s for s in known_shares(record) if "." not in s.stage or s.is_asked_always]
            )
            for name, record in studies.items()
        }
        stages = list(dict.fromkeys(stage for own in found.values() for stage in own))
        if not stages:
            return None
        if len(found) > MOST_BARS:
            return _map(found, stages, labels(studies))
        figure = go.Figure(
            layout={**LAYOUT, "barmode": "group", "scattermode": "group", "height": 480}
        )
        for place, (name, own) in enumerate(found.items()):
            color = PALETTE[place % len(PALETTE)]
            shown = [own.get(s) for s in stages]
            figure.add_bar(
                x=stages,
                y=[s and s.share for s in shown],
                name=name,
                marker_color=[color if s and s.is_shown else GREY for s in shown],
                offsetgroup=name,
            )
            mark = {"symbol": "line-ew", "size": 14, "line": {"width": 2, "color": "#57606a"}}
            chance = {
                "x": stages,
                "y": [s and s.chance for s in shown],
                "name": "chance alone stays below",
                "mode": "markers",
                "marker": mark,
            }
            figure.add_scatter(
                **chance, offsetgroup=name, legendgroup="chance", showlegend=not place
            )
            task = record_task(studies[name])
            if task in published:
                theirs = [published[task].get(s) for s in stages]
                hollow = {"color": CLEAR, "line": {"color": color, "width": 1.5}}
                figure.add_bar(
                    x=stages,
                    y=theirs,
                    name=f"{task}, published",
                    marker=hollow,
                    offsetgroup=f"{name}, published",
                )
        highest = max(float(y) for trace in figure.data for y in trace.y if y is not None)
        return figure.update_layout(
            yaxis_title="share of the variance of scores",
            yaxis_range=[0, 1.05 * highest],
            legend_y=-0.35,
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same shares, and those of knobs that only some runs have."""
        return shares_table(studies)

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """The importances by another method."""
        return importance_table(studies)


def _map(
    found: Mapping[str, Mapping[str, Share]], stages: list[str], names: list[str]
) -> go.Figure:
    cells = [[own.get(stage) for own in found.values()] for stage in stages]
    texts = [[f"{s.share:.2f}" if s and s.is_shown else "" for s in row] for row in cells]
    values = [[s and s.share for s in row] for row in cells]
    return heat_map(
        names, stages, values, texts, 140, colorscale="Blues", zmin=0.0, colorbar_title="share"
    )


def record_task(record: StudyResult) -> str:
    """The last part of a dataset's name: sst2 of glue/sst2."""
    return record.study.dataset.rpartition("/")[2]
