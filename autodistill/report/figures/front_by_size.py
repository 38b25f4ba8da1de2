"""Score against size.

Source   none needed.
Idea     The size that a better score takes: up is better, left is smaller.
Inputs   recipes with at least one complete run; bars are 95% intervals of the students that the
         answer compares.
"""

from collections.abc import Mapping

from plotly import graph_objects as go

from autodistill.report.costs import runs_as
from autodistill.report.figures import Drawing
from autodistill.report.figures._front import front_figure
from autodistill.report.front_points import front_points, front_table
from autodistill.report.table import Table
from autodistill.study.results import StudyResult


class FrontBySize(Drawing):
    """One point per recipe and per student alone, the front, the teacher and the limit."""

    title = "Score and size"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study; None where all students have one size."""
        name, record = next(iter(studies.items()))
        points = [(p.size_bytes / 1e6, p) for p in front_points(record, name) if p.size_bytes]
        limit = record.study.limits.get("size_bytes")
        title = f"megabytes{runs_as(record.study.target)}; lower is smaller"
        return front_figure(record, points, title, limit and limit / 1e6) if points else None

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same points, with their latency."""
        name, record = next(iter(studies.items()))
        points = front_points(record, name)
        return front_table(points) if points else None
