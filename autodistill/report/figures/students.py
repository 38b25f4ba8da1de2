"""Score against parameters of each student that was trained.

Source   none needed.
Idea     Whether a larger student is a better one: a student that lies above others of its size is
         worth its parameters.
Inputs   a study of students; bars are 95% intervals, tied students cannot be told from the best.
"""

from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from autodistill.report.figures import Drawing
from autodistill.report.figures._front import front_figure
from autodistill.report.students import (
    proxies_table,
    proxy_audit,
    students_of,
    students_table,
)
from autodistill.report.table import Table
from autodistill.study.results import StudyResult


class Students(Drawing):
    """One point per student, the tie group and the teacher."""

    title = "Students"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study; None where it is no study of students."""
        name, record = next(iter(studies.items()))
        points = [(p.params / 1e6, p) for p in students_of(record, name) if p.params]
        limit = record.study.limits.get("params")
        title = "million parameters<br>lower is smaller"
        return front_figure(record, points, title, limit and limit / 1e6) if points else None

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same students."""
        name, record = next(iter(studies.items()))
        return students_table(students_of(record, name), record)

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """The proxies' scores, and how far they were right."""
        record = next(iter(studies.values()))
        return tuple(filter(None, (proxies_table(record), proxy_audit(record))))
