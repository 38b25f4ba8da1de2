"""Score against speed.

Source   none needed.
Idea     What does a better score cost at prediction?
Inputs   recipes with at least one complete run and a measured latency; marker size is the student's size.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, Drawing
from autodistill.study.results import Record


class Front(Drawing):
    """A point for each recipe."""

    title = "Score and speed"

    def draw(
        self, studies: Mapping[str, Record], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """Of the first study; nothing where all students have one shape."""
        record = next(iter(studies.values()))
        arms = [a for a in (*record.leaders(), *record.controls("alone")) if "latency_ms" in a.cost]
        if len({(a.cost["latency_ms"], a.cost.get("params")) for a in arms}) < 2:
            return None
        sizes = [a.cost.get("size_bytes", 0.0) ** 0.5 for a in arms]
        figure = go.Figure(layout=LAYOUT)
        figure.add_scatter(
            x=[a.cost["latency_ms"] for a in arms],
            y=[a.mean for a in arms],
            text=[f"{a.control or a.numbers[0]}: {a.pipeline}" for a in arms],
            mode="markers",
            marker={
                "size": [6 + 18 * s / max(sizes) for s in sizes],
                "symbol": ["x" if a.control else "circle" for a in arms],
            },
        )
        return figure.update_layout(xaxis_title="ms a row", yaxis_title=record.study.metric)
