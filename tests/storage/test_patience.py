"""Refusals that pass are tried again; others are one message, from Optuna's calls, too."""

import sqlite3
from pathlib import Path
from typing import Any

import optuna
import pytest
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.search.optuna_storage import open_storage
from autodistill.storage import Store, refusals
from autodistill.storage.patience import Passing, patiently

SERVER = "postgresql+psycopg://me:secret@host/kd"


class Said(Exception):
    """An error of a driver, with its code."""

    def __init__(self, text: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


def raised(url: str, error: Exception) -> StorageError:
    with pytest.raises(StorageError) as caught, refusals(url):
        raise sa.exc.OperationalError("SELECT 1", {}, error)
    return caught.value


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Said("deadlock detected", "40P01"), True),
        (Said("could not serialize access", "40001"), True),
        (Said("terminating connection due to administrator command", "57P01"), True),
        (Said("server closed the connection unexpectedly"), True),
        (Said("connection failed: Connection refused"), True),
        (Said("sorry, too many clients already", "53300"), True),
        (Said("password authentication failed", "28P01"), False),
        (Said('database "kd" does not exist', "3D000"), False),
        (Said("no space left on device", "53100"), False),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_refusal_that_may_pass_is_told_from_one_that_does_not(
    error: Exception, passes: bool
) -> None:
    assert isinstance(raised(SERVER, error), Passing) == passes


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT])
def test_a_busy_file_may_pass(code: int) -> None:
    error = sqlite3.OperationalError("database is locked")
    name = "SQLITE_BUSY" if code == sqlite3.SQLITE_BUSY else "SQLITE_BUSY_SNAPSHOT"
    error.sqlite_errorname = name

    assert isinstance(raised("sqlite:///a.db", error), Passing)


def test_a_call_is_made_again_until_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    left = [Passing("gone"), Passing("still gone")]

    def call(value: int) -> int:
        if left:
            raise left.pop()
        return value

    assert patiently(call)(7) == 7


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodistill.storage.patience.PATIENCE_SECONDS", 0.2)

    def call() -> None:
        raise Passing("gone")

    with pytest.raises(Passing, match="gone"):
        patiently(call)()


def lock_next(engine: sa.Engine, times: int) -> list[str]:
    """Have the next statements fail as in a busy database; those that did."""
    failed: list[str] = []

    @sa.event.listens_for(engine, "do_execute")
    def _fail(cursor: Any, statement: str, *_: Any) -> None:
        if len(failed) < times and not statement.startswith("PRAGMA"):
            failed.append(statement)
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorname = "SQLITE_BUSY_SNAPSHOT"
            raise error

    return failed


@pytest.mark.parametrize("only_writer", [True, False])
def test_optuna_goes_on_when_its_database_was_busy(tmp_path: Path, only_writer: bool) -> None:
    storage: Any = open_storage(f"sqlite:///{tmp_path / 'a.db'}", only_writer=only_writer)
    study = optuna.create_study(storage=storage)
    failed = lock_next(storage._backend.engine, 2)

    study.tell(study.ask(), 0.5)

    assert len(failed) == 2
    assert [t.value for t in study.trials] == [0.5]


def test_the_store_goes_on_when_its_database_was_busy(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "a.db"))
    failed = lock_next(store.database.engine, 2)

    assert store.studies() == []
    assert len(failed) == 2


def test_a_database_that_is_removed_under_optuna_is_one_message(tmp_path: Path) -> None:
    storage = open_storage(f"sqlite:///{tmp_path / 'a.db'}", only_writer=True)
    study = optuna.create_study(storage=storage)
    (tmp_path / "a.db").write_bytes(b"something else, as long as a page of a database" * 200)
    for end in ("-wal", "-shm"):
        (tmp_path / f"a.db{end}").unlink(missing_ok=True)
    storage.engine.dispose()  # type: ignore[attr-defined]

    with pytest.raises(StorageError, match="is not an SQLite database"):
        study.ask()
