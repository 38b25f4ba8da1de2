"""The whole record of a study, inside a connection that is open already."""

from typing import Any

import sqlalchemy as sa

from autodistill.errors import SpecError, choose_from
from autodistill.storage.database import fetch
from autodistill.storage.patience import shown
from autodistill.storage.queries import spent_of, trials_of
from autodistill.storage.readings import readings_of
from autodistill.storage.rows import rows_read
from autodistill.storage.tables import DATASET, OUTCOME, SELECTION, STUDY
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, Trial
from autodistill.study.study import Study

MOST_ASKED = 500
"""New trials that are read by their numbers; all are read where there are more."""


def study_row(connection: sa.Connection, name: str, url: str, *, lock: bool = False) -> sa.Row[Any]:
    """The row of a study; raises SpecError with the names that there are."""
    query = sa.select(STUDY).where(STUDY.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        known = connection.scalars(sa.select(STUDY.c.name).order_by(STUDY.c.name)).all()
        raise SpecError(choose_from("study", name, known, f"database {shown(url)}"))
    return row


def read_record(
    connection: sa.Connection,
    name: str,
    url: str,
    before: StudyResult | None = None,
    *,
    predictions: bool = True,
) -> StudyResult:
    """All results so far, in the order of trial numbers.

    Those that `before` holds are not read again: results are never overwritten.
    """
    row = study_row(connection, name, url)
    rows = connection.execute(sa.select(SELECTION).where(SELECTION.c.study == name)).one_or_none()
    outcomes = (
        _outcomes(connection, name, before.outcomes)
        if before
        else trials_of(connection, name, predictions=predictions)
    )
    spent, readings = spent_of(connection, name), readings_of(connection, name)
    with rows_read(f"study '{name}'", shown(url)):
        study, facts = Study.from_dict(row.question), StudyFacts.from_dict(row.facts)
        known = fetch(connection, DATASET, study.fingerprint.split("-")[0]) or {}
        names = tuple(map(str, known.get("labels", ())))
    selection = None if rows is None else Selection(rows.labels, rows.teacher, names)
    return StudyResult(study, outcomes, spent, facts, selection, readings)


def _outcomes(connection: sa.Connection, name: str, known: tuple[Trial, ...]) -> tuple[Trial, ...]:
    if not known:
        return trials_of(connection, name)
    kept = {trial.number: trial for trial in known}
    there = connection.scalars(sa.select(OUTCOME.c.number).where(OUTCOME.c.study == name)).all()
    new = [number for number in there if number not in kept]
    if len(new) > MOST_ASKED or len(there) - len(new) < len(kept):  # or some are gone
        return trials_of(connection, name)
    for number in new:
        kept |= {trial.number: trial for trial in trials_of(connection, name, number)}
    return tuple(kept[number] for number in sorted(kept))
