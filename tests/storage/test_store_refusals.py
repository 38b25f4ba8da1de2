"""Messages of a database that refuses."""

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage import Store, open_engine, refusals
from autodistill.study.results import Trial
from autodistill.study.study import Study

NOWHERE = "sqlite:///nowhere.db"


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(
        "not a database at all, but long enough to be taken for one" * 20
    )

    with pytest.raises(StorageError, match=r"notes\.txt' is not an SQLite database"):
        open_engine(str(tmp_path / "notes.txt"))

    assert (tmp_path / "notes.txt").read_text().startswith("not a database")


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    open_engine(str(path)).dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(StorageError, match=r"s\.db' is damaged"):
        Store(str(path)).studies()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="it is a folder"):
        open_engine(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(
        StorageError,
        match=r"s\.db' cannot be opened or created: .*Name a file in a folder that you may write",
    ):
        open_engine(str(tmp_path / "file" / "s.db"))


def test_a_database_that_cannot_be_written_says_so(tmp_path: Path, study: Study) -> None:
    store = Store(str(tmp_path / "s.db"))
    sa.event.listen(
        store.database.engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA query_only=ON"),
    )

    with pytest.raises(
        StorageError, match=r"s\.db' cannot be written: the file or its folder is read-only"
    ):
        store.begin(study, {})


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(StorageError, match="Name a file in a folder that you may write"):
        open_engine(str(tmp_path / "s.db"))


def test_a_full_disk_keeps_what_was_recorded(
    tmp_path: Path, study: Study, make_outcome: Callable[..., Trial]
) -> None:
    store = Store(str(tmp_path / "s.db"))
    store.begin(study, {})
    store.add(study.name, make_outcome(0))
    full = "PRAGMA max_page_count=1"  # SQLite takes the present size instead: not one page more

    sa.event.listen(
        store.database.engine, "connect", lambda connection, _: connection.execute(full)
    )
    with pytest.raises(StorageError, match="no space is left for the database"):
        store.add(study.name, make_outcome(1, error="x" * 100_000))

    assert Store(str(tmp_path / "s.db")).record(study.name).outcomes == (make_outcome(0),)


def test_a_lock_held_by_another_program_is_reported(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "s.db"))
    sa.event.listen(
        engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=10")
    )
    other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with (
        pytest.raises(StorageError, match="was locked by another program"),
        refusals(NOWHERE),
        engine.begin(),
    ):
        pass

    other.close()


def test_a_refusal_never_shows_the_password() -> None:
    reply = sa.exc.OperationalError("SELECT 1", {}, Exception("no entry for secret"))

    with pytest.raises(StorageError) as caught, refusals("postgresql+psycopg://me:secret@host/kd"):
        raise reply

    assert str(caught.value).startswith(
        "the database 'postgresql+psycopg://me:***@host/kd' refuses: no entry for ***. "
    )


def test_a_broken_constraint_is_a_bug_and_keeps_its_traceback() -> None:
    with pytest.raises(sa.exc.IntegrityError), refusals(NOWHERE):
        raise sa.exc.IntegrityError("INSERT", {}, Exception("UNIQUE"))


def test_a_missing_driver_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(
        StorageError, match=r"needs the package psycopg; pip install 'kd-autodistill\[postgres\]'"
    ):
        open_engine("postgresql://me:secret@localhost/kd")
