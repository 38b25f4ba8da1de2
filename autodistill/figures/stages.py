"""How much of the difference between runs each stage explains.

Source   one-way eta squared, as in `autodistill.shares`; beside it what others published.
Idea     A stage whose bar does not pass its chance mark has not been shown to matter, however tall it is.
Inputs   complete runs of one or several studies, best of surveys, which draw recipes at random.
"""

from collections.abc import Mapping

from plotly import graph_objects as go
from plotly.colors import qualitative

from autodistill.figures import LAYOUT, Drawing, by_stage
from autodistill.record import Record
from autodistill.shares import shares


class Stages(Drawing):
    """A bar for each study with a mark for chance, hollow bars for published shares."""

    title = "What each stage changes"

    def draw(self, studies: Mapping[str, Record], published: Mapping[str, Mapping[str, float]]) -> go.Figure | None:
        """Stages, and knobs that every run has; the others stand in the table."""
        found = {name: by_stage([s for s in shares(record) if "." not in s.stage or s.is_asked_always]) for name, record in studies.items()}
        stages = list(dict.fromkeys(stage for own in found.values() for stage in own))
        if not stages:
            return None
        figure = go.Figure(layout={**LAYOUT, "barmode": "group", "scattermode": "group", "height": 480})
        for place, (name, own) in enumerate(found.items()):
            color = qualitative.Plotly[place % len(qualitative.Plotly)]
            shown = [own.get(s) for s in stages]
            figure.add_bar(x=stages, y=[s and s.share for s in shown], name=name, marker_color=color, offsetgroup=name)
            mark = {"symbol": "line-ew", "size": 14, "line": {"width": 2, "color": "black"}}
            chance = {"x": stages, "y": [s and s.chance for s in shown], "name": "by chance up to", "mode": "markers", "marker": mark}
            figure.add_scatter(**chance, offsetgroup=name, legendgroup="chance", showlegend=not place)
            task = record_task(studies[name])
            if task in published:
                theirs = [published[task].get(s) for s in stages]
                hollow = {"color": "white", "line": {"color": color, "width": 1.5}}
                figure.add_bar(x=stages, y=theirs, name=f"{task}, published", marker=hollow, offsetgroup=f"{name}, published")
        highest = max(float(y) for trace in figure.data for y in trace.y if y is not None)
        return figure.update_layout(yaxis_title="share of the variance of scores", yaxis_range=[0, 1.05 * highest], legend_y=-0.35)


def record_task(record: Record) -> str:
    """The last part of a dataset's name: sst2 of glue/sst2."""
    return record.study.dataset.rpartition("/")[2]
