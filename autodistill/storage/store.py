"""The store: all studies and results of one open database."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage import lease
from autodistill.storage.database import Database, fetch, insert_new, put, utc_now
from autodistill.storage.patience import patient, shown
from autodistill.storage.queries import StudyRow, spent_of, study_rows, trials_of, versions
from autodistill.storage.readings import add_reading, readings_of
from autodistill.storage.records import read_record, study_row
from autodistill.storage.rows import as_stored, outcome_row, plain, rows_read
from autodistill.storage.tables import (
    COORDINATOR,
    CURVE,
    DATASET,
    ENVIRONMENT,
    ORDER,
    OUTCOME,
    SEARCH,
    SELECTION,
    STUDY,
    TEACHER,
    TEST_READING,
    WORKER,
)
from autodistill.study.facts import StudyFacts
from autodistill.study.reading import Reading
from autodistill.study.results import Selection, StudyResult, Trial
from autodistill.study.study import Study
from autodistill.study.study_differences import other_question


@patient
class Store:
    """Studies and their results in a database at a path or URL.

    Opening it creates or upgrades the tables.
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.database = Database(url)
        self.clock = clock

    @property
    def url(self) -> str:
        """The complete URL, password included: for Optuna, never for display."""
        return self.database.url

    def close(self) -> None:
        """Close idle connections; the store may be used again."""
        self.database.engine.dispose()

    def begin(self, study: Study, facts: Mapping[str, Any], *, name: str = "") -> None:
        """Begin `study`, or resume it: then the first facts stay.

        `name` replaces its own name, if given. Raises SpecError when the name already stands for
        another study.
        """
        name, question = name or study.name, plain(study.to_dict())
        row = {
            "name": name,
            "question": question,
            "question_key": study.key,
            "created_at": self._now(),
        }
        with self.database.writing() as connection:
            if insert_new(connection, STUDY, **row, versions=versions(), facts=plain(facts)):
                return
            before = self._study(connection, name)
        if before.question_key != study.key:
            raise other_question(name, before.question, question)

    def studies(self) -> list[StudyRow]:
        """All studies, the oldest first."""
        damaged = rows_read("the list of studies", shown(self.url))
        with self.database.reading() as connection, damaged:
            return study_rows(connection)

    def record(self, name: str, *, predictions: bool = True) -> StudyResult:
        """All results so far, in the order of trial numbers; with predictions or without."""
        with self.database.reading() as connection:
            return read_record(connection, name, self.url, predictions=predictions)

    def question(self, name: str) -> Study:
        """The study's definition, without its results."""
        with self.database.reading() as connection:
            row = self._study(connection, name)
        with rows_read(f"study '{name}'", shown(self.url)):
            return Study.from_dict(row.question)

    def note_selection(self, name: str, selection: Selection) -> None:
        """Store the study's validation rows; the first ones stay."""
        with self.database.writing() as connection:
            insert_new(
                connection,
                SELECTION,
                study=name,
                labels=selection.labels,
                teacher=selection.teacher,
            )

    def add(self, name: str, outcome: Trial) -> None:
        """Store a trial result, committed on return; the same one again changes nothing.

        Raises StorageError when another result has this number: results are never overwritten.
        """
        kept = as_stored(outcome)
        row = outcome_row(kept)
        with self.database.writing() as connection:
            self._study(connection, name)
            if insert_new(connection, OUTCOME, study=name, **row, finished_at=self._now()):
                if row["environment"]:
                    insert_new(
                        connection, ENVIRONMENT, hash=row["environment"], content=kept.environment
                    )
                points = [
                    {"study": name, "number": kept.number, "step": step, "value": value}
                    for step, value in kept.curve
                ]
                if points:
                    connection.execute(sa.insert(CURVE), points)
                return
            (before,) = trials_of(connection, name, kept.number)
        if before != kept:
            raise StorageError(
                f"trial {kept.number} of study '{name}' is already recorded as {before.status} "
                f"with score {before.score}, now it came as {kept.status} with {kept.score} "
                f"({shown(self.url)}). Two commands search this study at once; end one of them."
            )

    def has(self, name: str, number: int) -> bool:
        """Whether this trial has a result."""
        with self.database.reading() as connection:
            query = sa.select(OUTCOME.c.number).where(
                OUTCOME.c.study == name, OUTCOME.c.number == number
            )
            return connection.scalar(query) is not None

    def facts(self, name: str) -> StudyFacts:
        """Facts measured once for the study."""
        with self.database.reading() as connection:
            return StudyFacts.from_dict(self._study(connection, name).facts)

    def update_facts(self, name: str, facts: Mapping[str, Any]) -> None:
        """Add facts; those with the same name are replaced, the others stay."""
        with self.database.writing() as connection:
            merged = {**self._study(connection, name, lock=True).facts, **plain(facts)}
            connection.execute(sa.update(STUDY).where(STUDY.c.name == name).values(facts=merged))

    def note_dataset(self, fingerprint: str, content: Mapping[str, Any]) -> None:
        """Store what is known of a dataset."""
        with self.database.writing() as connection:
            put(connection, DATASET, fingerprint, plain(content))

    def dataset(self, fingerprint: str) -> dict[str, Any] | None:
        """Stored description of a dataset, or None."""
        with self.database.reading() as connection:
            return fetch(connection, DATASET, fingerprint)

    def note_teacher(self, key: str, content: Mapping[str, Any]) -> None:
        """Store what is known of a teacher."""
        with self.database.writing() as connection:
            put(connection, TEACHER, key, plain(content))

    def teacher(self, key: str) -> dict[str, Any] | None:
        """Stored description of a teacher, or None."""
        with self.database.reading() as connection:
            return fetch(connection, TEACHER, key)

    def read_test(
        self, name: str, recipe_key: str, content: Mapping[str, Any], *, again: bool = False
    ) -> Reading | None:
        """Store a reading of the held-out test rows and return it.

        Only with `again` a second one is stored; None where it was not.
        """
        entry = {**plain(content), "recipe_key": recipe_key, "date": self._now()}
        with self.database.writing() as connection:
            self._study(connection, name)
            stored = add_reading(connection, name, entry, again=again)
            return readings_of(connection, name)[-1] if stored else None

    def test_readings(self, name: str) -> tuple[Reading, ...]:
        """The study's readings of the held-out test, the first one first."""
        with self.database.reading() as connection:
            return readings_of(connection, name)

    def claim(self, name: str, heartbeat_seconds: float = lease.HEARTBEAT_SECONDS) -> lease.Lease:
        """Become the only coordinator of the study; see `lease.claim`."""
        with self.database.reading() as connection:
            self._study(connection, name)
        return lease.claim(self.database, name, heartbeat_seconds)

    def spent_seconds(self, name: str) -> float:
        """Seconds of searching over all sessions, as last reported."""
        with self.database.reading() as connection:
            return spent_of(connection, name)

    def remove(self, name: str) -> None:
        """Delete a study and all its results; refused while another process searches it.

        Optuna's rows stay.
        """
        with self.claim(name), self.database.writing() as connection:
            results, search = (CURVE, OUTCOME, SELECTION, TEST_READING), (SEARCH, WORKER, ORDER)
            for table in (*results, *search, COORDINATOR):
                connection.execute(sa.delete(table).where(table.c.study == name))
            connection.execute(sa.delete(STUDY).where(STUDY.c.name == name))

    def _study(self, connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row[Any]:
        return study_row(connection, name, self.url, lock=lock)

    def _now(self) -> str:
        return self.clock().isoformat()
