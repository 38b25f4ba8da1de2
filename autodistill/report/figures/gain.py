"""Gain of each recipe over the same student trained without a teacher.

Source   differences of means on the same validation rows, as in `autodistill.analysis.comparison`.
Idea     Right of zero, distillation helps; a grey interval holds zero, so that chance may explain
         the difference.
Inputs   recipes whose student was also trained alone; bars are 95% intervals over seeds and
         validation rows, each for one recipe by itself.
"""

from collections.abc import Mapping
from html import escape

from plotly import graph_objects as go

from autodistill.analysis.paired_gains import PairedGain
from autodistill.analysis.recipe_gains import recipe_name
from autodistill.report.figures import GREY, LAYOUT, PALETTE, Drawing
from autodistill.report.gains import BETTER, EITHER, WORSE, gain_table, gains_of, look_of
from autodistill.report.sentences import metric_name
from autodistill.report.student_names import student_names
from autodistill.report.table import Table
from autodistill.study.results import StudyResult

ROW, LONGEST = 46, 70
"""Pixels of a recipe, letters of its name."""
LOOKS = {
    BETTER: (PALETTE[0], "circle"),
    WORSE: (PALETTE[1], "square"),
    EITHER: (GREY, "circle-open"),
}


class GainOverNoTeacher(Drawing):
    """One dot per recipe and student, with its interval, beside a line at zero."""

    title = "Gain over no teacher"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        name, record = next(iter(studies.items()))
        found = gains_of(record, name)
        if not found:
            return None
        figure = go.Figure(layout={**LAYOUT, "height": 150 + ROW * len(found)})
        names = student_names(g.recipe.pipeline.student for g in found)
        for look, (color, symbol) in LOOKS.items():
            own = [(i, g) for i, g in enumerate(found) if look_of(g) == look]
            if own:
                figure.add_scatter(**_dots(own), name=look, marker=_marker(symbol, color))
        for place, gain in enumerate(found):
            text = _said(gain, names)
            short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
            figure.add_annotation(
                text=escape(short, quote=False),
                x=0,
                xref="paper",
                xanchor="left",
                y=place,
                yshift=16,
                showarrow=False,
                font={"size": 12},
            )
        figure.add_vline(x=0, line_color=PALETTE[-1], line_width=1)
        metric = metric_name(record.study.metric)
        return figure.update_layout(
            xaxis_title=f"{metric}, less that of<br>the same student alone",
            yaxis={"showticklabels": False, "range": [len(found) - 0.4, -0.8], "showgrid": False},
            legend={"yref": "container", "y": 0.0, "yanchor": "bottom"},
        )

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same gains."""
        name, record = next(iter(studies.items()))
        return gain_table(gains_of(record, name))


def _said(gain: PairedGain, names: Mapping[str, str]) -> str:
    pipeline = gain.recipe.pipeline
    mark = "★ " if gain.is_recommended else ""
    return f"{mark}{names[str(pipeline.student)]} · {recipe_name(pipeline)}"


def _marker(symbol: str, color: str) -> dict[str, object]:
    return {"symbol": symbol, "size": 10, "color": color, "line": {"width": 2, "color": color}}


def _dots(own: list[tuple[int, PairedGain]]) -> dict[str, object]:
    each = [g.interval for _, g in own]
    return {
        "x": [i.value for i in each],
        "y": [place for place, _ in own],
        "error_x": {
            "array": [i.high - i.value for i in each],
            "arrayminus": [i.value - i.low for i in each],
            "thickness": 2,
            "width": 4,
        },
        "text": [f"trial {g.recipe.numbers[0]}" for _, g in own],
        "hovertemplate": "%{text}: %{x:+.4f}<extra></extra>",
        "mode": "markers",
    }
