"""Opening a database: its address, its tables, its versions."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa

from autodistill import __version__
from autodistill.analysis.recommendation import recommend
from autodistill.errors import StorageError
from autodistill.storage import Store, as_url, open_engine, schema
from autodistill.storage.patience import shown
from tests.records import outcome, write_study


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
    names = (
        "coordinator curve dataset environment order outcome search selection study teacher "
        "test_reading worker"
    )
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
        match=rf"tables have version 0999, autodistill {__version__} knows up to 0004\. "
        rf"Upgrade autodistill",
    ):
        open_engine(url)


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
