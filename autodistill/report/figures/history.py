"""Score of each trial, in the order of their start.

Source   none needed.
Idea     Whether the search still finds better recipes, and how far trials differ at all.
Inputs   complete runs; baselines have marks of their own, the line is the best recipe so far.
"""

from collections.abc import Mapping
from html import escape
from itertools import accumulate

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, PALETTE, Drawing
from autodistill.report.sentences import metric_name
from autodistill.report.table import Column, Table
from autodistill.study.best import complete_runs
from autodistill.study.results import StudyResult

SHOWN = 40
"""Runs in the table."""
MOST_TEXTS = 300
"""Runs that carry their pipeline; the page stays small with thousands."""
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
            has_texts = len(runs) <= MOST_TEXTS
            texts = [escape(str(o.pipeline), quote=False) if has_texts else "" for o in own]
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
        recipes = [o for o in runs if not o.baseline]
        best = accumulate((o.score for o in recipes if o.score is not None), max)
        figure.add_scatter(
            x=[o.number for o in recipes],
            y=list(best),
            name="best recipe so far",
            mode="lines",
            line={"shape": "hv", "color": PALETTE[-1]},
            hoverinfo="skip",
        )
        if teacher := record.facts.teacher_score:
            figure.add_hline(
                y=teacher, line_dash="dot", line_color=PALETTE[-1], annotation_text="teacher"
            )
        return figure.update_layout(
            xaxis_title="trial", yaxis_title=f"{metric_name(record.study.metric)}, higher is better"
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The best of the same runs."""
        record = next(iter(studies.values()))
        return runs_table(record) if complete_runs(record.outcomes) else None


def runs_table(record: StudyResult) -> Table:
    """The complete runs with the highest scores, in the order of trials."""
    runs = complete_runs(record.outcomes)
    best = sorted(runs, key=lambda o: -(o.score or 0.0))[:SHOWN]
    columns = (
        Column("trial", align="right"),
        Column("score", format=".4f", align="right"),
        Column("what"),
        Column("seed", align="right"),
        Column("pipeline", is_long=True),
    )
    rows = tuple(
        (o.number, o.score, LOOKS.get(o.baseline, (o.baseline,))[0], o.seed, str(o.pipeline))
        for o in sorted(best, key=lambda o: o.number)
    )
    note = f"The best {len(best):,} of {len(runs):,} runs." if len(best) < len(runs) else ""
    return Table("Complete runs", columns, rows, note)
