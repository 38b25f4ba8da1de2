"""Score against speed.

Source   none needed.
Idea     The cost of a better score at prediction: up is better, left is faster. Points of equal
         latency stand side by side.
Inputs   recipes with at least one complete run and a measured latency; bars are 95% intervals of
         the students that the answer compares.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.costs import row_name, runs_as
from autodistill.report.figures import Drawing
from autodistill.report.figures._front import front_figure
from autodistill.report.front_points import front_points, front_table
from autodistill.report.table import Table
from autodistill.study.results import StudyResult


class Front(Drawing):
    """One point per recipe and per student alone, the front, the teacher and the limit."""

    title = "Score and speed"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study; None where all students have one latency."""
        name, record = next(iter(studies.items()))
        points = [(p.latency_ms, p) for p in front_points(record, name) if p.latency_ms]
        if not points:
            return None
        row = row_name(record.outcomes[0].pipeline.student.name)
        where = f"one CPU thread{runs_as(record.study.target)}"
        title = f"milliseconds per {row}, {where}<br>lower is faster"
        return front_figure(record, points, title, record.study.limits.get("latency_ms"))

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same points, with their sizes."""
        name, record = next(iter(studies.items()))
        points = front_points(record, name)
        return front_table(points) if points else None
