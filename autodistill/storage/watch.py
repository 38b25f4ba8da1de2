"""A reader of a database that others write: it asks for news cheaply, and never writes."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from autodistill.storage.database import Database
from autodistill.storage.lease import is_searched
from autodistill.storage.patience import patient, shown
from autodistill.storage.records import read_record
from autodistill.storage.rows import rows_read
from autodistill.storage.tables import COORDINATOR, OUTCOME, STUDY, TEST_READING
from autodistill.study.results import FINISHED, StudyResult


@dataclass(frozen=True)
class StudyState:
    """How far a study is: two that are equal have nothing new between them."""

    name: str
    created: str
    """UTC, ISO 8601."""
    trials: int
    state: Literal["searching", "interrupted", "ended", "not searched here"]
    spent_seconds: float
    read: int
    """Characters of its readings of the held-out test."""


@dataclass(frozen=True)
class StudyLine:
    """A study in a list: what was asked, and the best that was found."""

    name: str
    dataset: str
    finished: int
    """Runs that count against a budget."""
    best: float | None
    """Highest score of a complete run of a recipe; baselines do not count."""
    teacher_score: float | None
    metric: str
    created: str
    changed: str
    """The end of the last run, or the creation; UTC, ISO 8601."""


@patient
class Watch:
    """The studies of a database, for somebody who looks on.

    Opening it creates or upgrades the tables; after that its connections refuse to write.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.engine = _reading_only(self.database.engine)

    def states(self, name: str | None = None) -> list[StudyState]:
        """All studies, the oldest first, or the one of this name, if there is one."""
        trials = sa.select(sa.func.count()).where(OUTCOME.c.study == STUDY.c.name)
        read = sa.select(sa.func.length(sa.cast(TEST_READING.c.content, sa.Text))).where(
            TEST_READING.c.study == STUDY.c.name
        )
        query = (
            sa.select(
                STUDY.c.name,
                STUDY.c.created_at,
                trials.scalar_subquery().label("trials"),
                read.scalar_subquery().label("read"),
                *(column for column in COORDINATOR.c if column.name != "study"),
            )
            .outerjoin(COORDINATOR, COORDINATOR.c.study == STUDY.c.name)
            .order_by(STUDY.c.created_at, STUDY.c.name)
        )
        if name is not None:
            query = query.where(STUDY.c.name == name)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            StudyState(
                row.name,
                row.created_at,
                row.trials,
                _state(row),
                row.spent_seconds or 0.0,
                row.read or 0,
            )
            for row in rows
        ]

    def lines(self) -> list[StudyLine]:
        """All studies, the oldest first, with the best of each."""
        recipe = sa.and_(OUTCOME.c.status == "complete", OUTCOME.c.control == "")
        ends = sa.select(
            OUTCOME.c.study,
            sa.func.count(sa.case((OUTCOME.c.status.in_(FINISHED), 1))).label("finished"),
            sa.func.max(sa.case((recipe, OUTCOME.c.score))).label("best"),
            sa.func.max(OUTCOME.c.finished_at).label("changed"),
        ).group_by(OUTCOME.c.study)
        found = ends.subquery()
        query = (
            sa.select(STUDY, found.c.finished, found.c.best, found.c.changed)
            .outerjoin(found, found.c.study == STUDY.c.name)
            .order_by(STUDY.c.created_at, STUDY.c.name)
        )
        damaged = rows_read("the list of studies", shown(self.database.url))
        with self.database.reading() as connection, damaged:
            return [_line(row) for row in connection.execute(query)]

    def record(self, name: str, before: StudyResult | None = None) -> StudyResult:
        """All results so far; of those that `before` holds none is read again."""
        with self.database.reading() as connection:
            return read_record(connection, name, self.database.url, before)


def _reading_only(engine: sa.Engine) -> sa.Engine:
    """The same engine, whose connections refuse to write."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(postgresql_readonly=True)

    @sa.event.listens_for(engine, "connect")
    def _refuse(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


def _state(row: sa.Row[Any]) -> Literal["searching", "interrupted", "ended", "not searched here"]:
    if row.spent_seconds is None:
        return "not searched here"
    if row.pid is None:
        return "ended"
    return "searching" if is_searched(row) else "interrupted"


def _line(row: sa.Row[Any]) -> StudyLine:
    score = row.facts.get("teacher_score")
    return StudyLine(
        row.name,
        row.question["dataset"],
        row.finished or 0,
        row.best,
        None if score is None else float(score),
        row.question.get("metric", ""),
        row.created_at,
        row.changed or row.created_at,
    )
