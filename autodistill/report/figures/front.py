"""Score against speed.

Source   none needed.
Idea     The cost of a better score at prediction.
Inputs   recipes with at least one complete run and a measured latency; marker size is the
         student's size.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, Drawing
from autodistill.study.results import StudyResult


class Front(Drawing):
    """One point per recipe."""

    title = "Score and speed"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study; None where all students have one shape."""
        record = next(iter(studies.values()))
        groups = [
            a for a in (*record.leaders(), *record.baselines("alone")) if "latency_ms" in a.cost
        ]
        if len({(a.cost["latency_ms"], a.cost.get("params")) for a in groups}) < 2:
            return None
        sizes = [a.cost.get("size_bytes", 0.0) ** 0.5 for a in groups]
        figure = go.Figure(layout=LAYOUT)
        figure.add_scatter(
            x=[a.cost["latency_ms"] for a in groups],
            y=[a.mean for a in groups],
            text=[f"{a.baseline or a.numbers[0]}: {a.pipeline}" for a in groups],
            mode="markers",
            marker={
                "size": [6 + 18 * s / max(sizes) for s in sizes],
                "symbol": ["x" if a.baseline else "circle" for a in groups],
            },
        )
        return figure.update_layout(xaxis_title="ms a row", yaxis_title=record.study.metric)
