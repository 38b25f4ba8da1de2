"""Several studies side by side: what each is of, what it found and what that took."""

from collections.abc import Mapping

from autodistill.analysis.recommendation import recommend
from autodistill.analysis.verdict import Verdict
from autodistill.errors import SpecError
from autodistill.report.sentences import metric_name, short_name
from autodistill.report.table import Cell, Column, Table
from autodistill.study.results import StudyResult

COLUMNS = (
    Column("study"),
    Column("dataset"),
    Column("metric"),
    Column("teacher"),
    Column("teacher's score", format=".4f", align="right"),
    Column("student's score", format=".4f", align="right"),
    Column("95% interval"),
    Column("gain of distillation"),
    Column("size", "MB", ".3g", "right"),
    Column("latency", "ms", ".3g", "right"),
    Column("trials", format=",", align="right"),
    Column("search", "s", ",.0f", "right"),
    Column("recommended recipe", is_long=True),
)


def compare_table(studies: Mapping[str, StudyResult]) -> Table:
    """One row per study; what it does not know yet stays empty."""
    rows = tuple(_cells(name, record) for name, record in studies.items())
    return Table("Question and answer of each study", COLUMNS, rows).without_empty_columns()


def remark(studies: Mapping[str, StudyResult]) -> str:
    """Whether their scores may be compared; empty where they may."""
    questions = {(r.study.dataset, r.study.metric) for r in studies.values()}
    if len(questions) < 2:
        return ""
    return (
        "The studies are of different datasets or metrics: a higher score in one is not a better "
        "student. Gains over the student alone may be compared."
    )


def verdict_of(name: str, record: StudyResult) -> Verdict | None:
    """None before a run is complete."""
    try:
        return recommend(record, name)[1]
    except SpecError:
        return None


def _cells(name: str, record: StudyResult) -> tuple[Cell, ...]:
    study, facts, verdict = record.study, record.facts, verdict_of(name, record)
    known: tuple[Cell, ...] = (
        name,
        short_name(study.dataset),
        metric_name(study.metric),
        short_name(study.teacher),
        facts.teacher_score,
    )
    trials, seconds = len(record.finished), record.spent_seconds or None
    if verdict is None:
        return (*known, *(None,) * 5, trials, seconds, "")
    cost, score = verdict.recommended.cost, verdict.score
    return (
        *known,
        score.value,
        f"{score.low:.4f} to {score.high:.4f}",
        str(verdict.gain.interval) if verdict.gain else None,
        cost["size_bytes"] / 1e6 if "size_bytes" in cost else None,
        cost.get("latency_ms"),
        trials,
        seconds,
        str(verdict.recommended.pipeline),
    )
