"""Opening a database, and what a person reads when it refuses."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa

from autodistill import __version__
from autodistill.analysis.recommendation import recommend
from autodistill.errors import StorageError
from autodistill.storage import Store, as_url, open_engine, refusals, schema
from autodistill.storage.patience import shown
from autodistill.study.results import Trial
from autodistill.study.study import Study
from tests.records import outcome, write_study

NOWHERE = "sqlite:///nowhere.db"


def scalar(engine: sa.Engine, query: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar()


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("studies.db", "sqlite:///studies.db"),
        ("/a b/c.db", "sqlite:////a b/c.db"),
        ("sqlite:///studies.db", "sqlite:///studies.db"),
        ("postgresql://me:pa%40ss@host:5433/kd", "postgresql+psycopg://me:pa%40ss@host:5433/kd"),
        ("postgres://me@host/kd", "postgresql+psycopg://me@host/kd"),
        ("postgresql+psycopg2://me@host/kd", "postgresql+psycopg2://me@host/kd"),
    ],
)
def test_what_a_person_types_becomes_a_url(typed: str, url: str) -> None:
    assert as_url(typed) == url
    assert as_url(url) == url


@pytest.mark.parametrize("name", ["100%.db", "what?.db", "a#b.db", "ünïcode +.db"])
def test_a_file_with_an_odd_name_is_the_one_that_is_opened(tmp_path: Path, name: str) -> None:
    open_engine(str(tmp_path / name)).dispose()

    assert (tmp_path / name).exists()
    assert shown(as_url(str(tmp_path / name))) == f"'{tmp_path / name}'"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("mysql://me:secret@host/kd", r"'mysql' are not supported \('mysql://me:\*\*\*@host/kd'\)"),
        ("sqlite://", "names no file"),
        ("postgresql://me:secret@host:port/kd", "starting with 'postgresql://' cannot be read"),
    ],
)
def test_a_url_that_cannot_work_is_refused_without_its_password(typed: str, complaint: str) -> None:
    with pytest.raises(StorageError, match=complaint) as caught:
        as_url(typed)

    assert "secret" not in str(caught.value)


def test_a_new_database_gets_its_folder_its_tables_and_the_write_ahead_log(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "new" / "deep" / "s.db"))

    assert (tmp_path / "new" / "deep" / "s.db").exists()
    assert {t for t in sa.inspect(engine).get_table_names() if t.startswith("ad_")} == set(
        schema_tables()
    )
    assert scalar(engine, "PRAGMA journal_mode") == "wal"
    assert scalar(engine, "PRAGMA synchronous") == 1
    assert scalar(engine, "PRAGMA busy_timeout") == 30000


def schema_tables() -> list[str]:
    names = "coordinator curve dataset environment outcome selection study teacher test_reading"
    return ["ad_" + t for t in names.split()]


def test_the_migrations_and_the_tables_agree(store: Store) -> None:
    with store.database.writing() as connection:
        alembic.command.check(schema.config(connection))


def test_a_downgrade_leaves_nothing(store: Store) -> None:
    with store.database.writing() as connection:
        alembic.command.downgrade(schema.config(connection), "base")

    assert sa.inspect(store.database.engine).get_table_names() == ["autodistill_alembic_version"]


@pytest.mark.slow
def test_six_processes_may_open_an_empty_database_at_once(url: str) -> None:
    code = (
        "import sys; from autodistill.storage import Store; "
        "print(len(Store(sys.argv[1]).studies()))"
    )
    opened = [
        subprocess.Popen(
            [sys.executable, "-c", code, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]

    assert [p.communicate(timeout=120) for p in opened] == [("0\n", "")] * 6


def test_a_database_of_a_newer_version_names_both_versions_and_the_way_out(url: str) -> None:
    with open_engine(url).begin() as connection:
        connection.exec_driver_sql("UPDATE autodistill_alembic_version SET version_num = '0999'")

    with pytest.raises(
        StorageError,
        match=rf"tables have version 0999, autodistill {__version__} knows up to 0003\. "
        rf"Upgrade autodistill",
    ):
        open_engine(url)


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


def test_a_database_without_predictions_and_controls_is_brought_up_to_date_and_still_answers(
    tmp_path: Path,
) -> None:
    path = write_study(tmp_path / "s.db", outcome(0, 0.9), outcome(1, 0.7))
    old = Store(str(path))
    with old.database.writing() as connection:
        alembic.command.downgrade(schema.config(connection), "0001")
    assert "ad_selection" not in sa.inspect(old.database.engine).get_table_names()
    old.close()

    record = Store(str(path)).record("tiny")

    assert [(o.baseline, o.predictions, o.score) for o in record.outcomes] == [
        ("", b"", 0.9),
        ("", b"", 0.7),
    ]
    assert record.selection is None
    assert recommend(record, "tiny")[0].evidence["score"] == 0.9
