"""Reads of a study, inside a connection that is open already."""

from collections import defaultdict
from dataclasses import dataclass
from platform import python_version
from typing import Any

import sqlalchemy as sa

from autodistill.runtime.packages import versions_here
from autodistill.runtime.version import __version__
from autodistill.storage.patience import shown
from autodistill.storage.rows import outcome_of, rows_read
from autodistill.storage.tables import (
    COORDINATOR,
    CURVE,
    ENVIRONMENT,
    OUTCOME,
    STUDY,
)
from autodistill.study.best import best_score
from autodistill.study.results import FINISHED, Trial


@dataclass(frozen=True)
class StudyRow:
    """One line of the list of studies."""

    name: str
    dataset: str
    finished: int
    """Number of runs that count against a budget."""
    best: float | None
    """Highest score of a complete run of a recipe; see study.best."""
    created: str
    """UTC, ISO 8601."""


def study_rows(connection: sa.Connection) -> list[StudyRow]:
    """All studies, the oldest first."""
    ends: defaultdict[str, list[Any]] = defaultdict(list)
    query = sa.select(OUTCOME.c.study, OUTCOME.c.status, OUTCOME.c.score)
    for end in connection.execute(query.add_columns(OUTCOME.c.control.label("baseline"))):
        ends[end.study].append(end)
    query = sa.select(STUDY).order_by(STUDY.c.created_at, STUDY.c.name)
    return [
        StudyRow(
            row.name,
            row.question["dataset"],
            sum(end.status in FINISHED for end in ends[row.name]),
            best_score(ends[row.name]),
            row.created_at,
        )
        for row in connection.execute(query)
    ]


def trials_of(
    connection: sa.Connection,
    name: str,
    number: int | None = None,
    *,
    predictions: bool = True,
) -> tuple[Trial, ...]:
    """All trials of a study, or the one with this number, with their predictions or without."""
    these, points = OUTCOME.c.study == name, CURVE.c.study == name
    if number is not None:
        these = sa.and_(these, OUTCOME.c.number == number)
        points = sa.and_(points, CURVE.c.number == number)
    curves: dict[int, list[tuple[int, float]]] = {}
    for point in connection.execute(sa.select(CURVE).where(points).order_by(CURVE.c.step)):
        curves.setdefault(point.number, []).append((point.step, point.value))
    hashes = sa.select(OUTCOME.c.environment).where(these)
    known = connection.execute(sa.select(ENVIRONMENT).where(ENVIRONMENT.c.hash.in_(hashes)))
    environments = {row.hash: row.content for row in known}
    guesses = OUTCOME.c.guesses if predictions else sa.null().label("guesses")
    columns = [guesses if c is OUTCOME.c.guesses else c for c in OUTCOME.c]
    found, database = list[Trial](), shown(str(connection.engine.url))
    for row in connection.execute(sa.select(*columns).where(these).order_by(OUTCOME.c.number)):
        with rows_read(f"trial {row.number} of study '{name}'", database):
            found.append(outcome_of(row, curves.pop(row.number, ()), environments))
    return tuple(found)


def spent_of(connection: sa.Connection, name: str) -> float:
    """Wall seconds that were spent searching a study."""
    return (
        connection.scalar(sa.select(COORDINATOR.c.spent_seconds).where(COORDINATOR.c.study == name))
        or 0.0
    )


def versions() -> dict[str, str]:
    """Versions of autodistill and of the libraries that affect scores."""
    libraries = versions_here(("lightning", "optuna", "torch", "transformers"))
    return {"autodistill": __version__, "python": python_version()} | libraries
