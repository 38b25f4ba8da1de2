"""Score of each run, in the order of their start.

Source   none needed.
Idea     Whether the search still finds better recipes, and how far runs differ at all.
Inputs   complete runs; baselines apart.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, Drawing
from autodistill.study.results import StudyResult

LOOKS = {
    "": ("recipes", "circle"),
    "alone": ("the student alone", "x"),
    "vanilla": ("plain distillation", "diamond"),
}


class History(Drawing):
    """One point per run, a line for the best so far."""

    title = "Runs"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        record = next(iter(studies.values()))
        runs = [o for o in record.outcomes if o.status == "complete" and o.score is not None]
        if not runs:
            return None
        figure = go.Figure(layout=LAYOUT)
        for baseline, (name, symbol) in LOOKS.items():
            own = [o for o in runs if o.baseline == baseline]
            texts = [str(o.pipeline) for o in own]
            figure.add_scatter(
                x=[o.number for o in own],
                y=[o.score for o in own],
                text=texts,
                name=name,
                mode="markers",
                marker={"symbol": symbol},
            )
        best, line = float("-inf"), []
        for o in (o for o in runs if not o.baseline):
            best = max(best, o.score or best)
            line.append((o.number, best))
        figure.add_scatter(
            x=[n for n, _ in line],
            y=[b for _, b in line],
            name="best so far",
            mode="lines",
            line={"shape": "hv"},
        )
        if teacher := record.facts.teacher_score:
            figure.add_hline(y=teacher, line_dash="dot", annotation_text="teacher")
        return figure.update_layout(xaxis_title="run", yaxis_title=record.study.metric)
