"""Students of a study of students: score, parameters, and what the proxies said of them."""

from statistics import fmean

from autodistill.report.front_points import SAID, FrontPoint, front_points
from autodistill.report.student_names import student_names
from autodistill.report.table import Column, Table, text_table
from autodistill.search.screening.agreement import BAND
from autodistill.search.screening.audit import scores_by_student
from autodistill.search.screening.entries import entries_of
from autodistill.search.screening.tables import audit_table
from autodistill.study.results import StudyResult


def students_of(record: StudyResult, name: str) -> list[FrontPoint]:
    """The best point of each student, highest score first; none in another study."""
    if not entries_of(record):
        return []
    best: dict[str, FrontPoint] = {}
    for point in front_points(record, name):
        student = str(point.pipeline.student)
        if point.look != "alone" and point.params:
            best[student] = max(point, best.get(student, point), key=lambda p: p.score)
    return sorted(best.values(), key=lambda p: -p.score)


def students_table(points: list[FrontPoint], record: StudyResult) -> Table | None:
    """One row per student that was trained."""
    if not points:
        return None
    teacher = record.facts.teacher_score
    columns = (
        Column("trial", align="right"),
        Column("student", is_long=True),
        Column("params", "M", ".3g", "right"),
        Column("latency", "ms", ".3g", "right"),
        Column("score", format=".4f", align="right"),
        Column("95% interval"),
        Column("of the teacher's", format=".1%", align="right"),
        Column("what"),
    )
    rows = tuple(
        (
            p.trial,
            str(p.pipeline.student),
            (p.params or 0.0) / 1e6,
            p.latency_ms,
            p.score,
            None if p.low is None or p.high is None else f"{p.low:.4f} to {p.high:.4f}",
            p.score / teacher if teacher else None,
            SAID[p.look],
        )
        for p in points
    )
    marked = tuple(i for i, p in enumerate(points) if p.look == "recommended")
    table = Table("Students after short trainings", columns, rows, marked=marked)
    return table.without_empty_columns()


def proxies_table(record: StudyResult) -> Table | None:
    """The trained students with the scores of all proxies, best student first."""
    scores = scores_by_student(record)
    trained = [e for e in entries_of(record) if str(e.student) in scores]
    if not trained:
        return None
    trained.sort(key=lambda e: -fmean(scores[str(e.student)]))
    names = student_names(e.student for e in trained)
    proxies = sorted({name for entry in trained for name in entry.scores} - {"params"})
    columns = (
        Column("student"),
        Column("params", "M", ".3g", "right"),
        Column("score", format=".4f", align="right"),
        *(Column(name, format=".3g", align="right") for name in proxies),
    )
    rows = tuple(
        (
            names[str(e.student)],
            e.cost["params"] / 1e6,
            fmean(scores[str(e.student)]),
            *(e.scores[name][0] if name in e.scores else None for name in proxies),
        )
        for e in trained
    )
    note = (
        "score: the mean of all runs, by which proxies are judged. Each proxy has a scale of its "
        "own; higher means that it expects a better student."
    )
    return Table("Proxies beside parameters and score", columns, rows, note)


def proxy_audit(record: StudyResult) -> Table | None:
    """How far each proxy knew the best students; None for too few of them."""
    found = audit_table(record) if entries_of(record) else None
    note = (
        f"of one size: pairs of which one has at most {BAND:g} times the parameters; beats params: "
        "share of resamplings of the students."
    )
    heads = tuple(head or "switched off" for head in found.heads) if found else ()
    return text_table(found.title, heads, found.rows, note) if found else None
