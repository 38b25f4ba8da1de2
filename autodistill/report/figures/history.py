"""Score of each trial, in the order of their start.

Source   none needed.
Idea     Whether the search still finds better recipes, and how far trials differ at all.
Inputs   complete runs; baselines have marks of their own, the line is the best of all runs.
"""

from collections.abc import Mapping
from html import escape
from itertools import accumulate

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, PALETTE, Drawing
from autodistill.report.sentences import metric_name
from autodistill.study.best import complete_runs
from autodistill.study.results import StudyResult

LOOKS = {
    "": ("recipes", "circle"),
    "alone": ("the student alone", "x"),
    "vanilla": ("plain distillation", "diamond"),
    "random": ("plain distillation from a shuffled teacher", "cross"),
}


class History(Drawing):
    """One point per run, a line for the best so far."""

    title = "Trials"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        record = next(iter(studies.values()))
        runs = complete_runs(record.outcomes)
        if not runs:
            return None
        figure = go.Figure(layout=LAYOUT)
        for baseline, (name, symbol) in LOOKS.items():
            own = [o for o in runs if o.baseline == baseline]
            texts = [escape(str(o.pipeline), quote=False) for o in own]
            if not own:
                continue
            figure.add_scatter(
                x=[o.number for o in own],
                y=[o.score for o in own],
                text=texts,
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": 9},
                hovertemplate="%{y:.4f}<br>trial %{x}: %{text}<extra></extra>",
            )
        best = accumulate((o.score for o in runs if o.score is not None), max)
        figure.add_scatter(
            x=[o.number for o in runs],
            y=list(best),
            name="best so far",
            mode="lines",
            line={"shape": "hv", "color": PALETTE[-1]},
            hoverinfo="skip",
        )
        if teacher := record.facts.teacher_score:
            figure.add_hline(
                y=teacher, line_dash="dot", line_color=PALETTE[-1], annotation_text="teacher"
            )
        return figure.update_layout(
            xaxis_title="trial", yaxis_title=metric_name(record.study.metric)
        )
