"""Databases of other programs, and of other versions of Optuna."""

import sqlite3
from contextlib import closing
from pathlib import Path

import optuna
import pytest

from autodistill.errors import StorageError
from autodistill.search.optuna_storage import open_storage
from autodistill.storage import Store
from tests.commands import run_cli


def make(path: Path, *statements: str) -> Path:
    """An SQLite file after these statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


BOOKS = ("CREATE TABLE books (title TEXT)", "INSERT INTO books VALUES ('Emma')")
OTHERS = {
    "tables of its own": BOOKS,
    "alembic's table": (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('451aebb31d03')",
        "CREATE TABLE experiments (name TEXT)",
    ),
    "a table with a name of Optuna": ("CREATE TABLE studies (title TEXT)",),
    "two tables with such names": (
        "CREATE TABLE studies (title TEXT)",
        "CREATE TABLE version_info (a TEXT)",
    ),
}


@pytest.mark.parametrize("statements", OTHERS.values(), ids=OTHERS)
def test_a_database_of_another_program_is_left_as_it_is(
    statements: tuple[str, ...], tmp_path: Path
) -> None:
    path = make(tmp_path / "other.db", *statements)
    content = path.read_bytes()

    for open_ in (Store, lambda url: open_storage(f"sqlite:///{url}")):
        with pytest.raises(StorageError, match="belongs to another program: its tables are"):
            open_(str(path))

    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("v9.9.9.a", "of a newer Optuna: they have version v9.9.9.a"),
        ("v2.6.0.a", "of an older Optuna: they have version v2.6.0.a"),
    ],
)
def test_tables_of_another_optuna_are_told_with_both_versions_and_the_remedy(
    version: str, said: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_storage(url)
    make(tmp_path / "a.db", f"UPDATE alembic_version SET version_num = '{version}'")

    with pytest.raises(StorageError) as caught:
        open_storage(url)

    message = str(caught.value)
    assert said in message
    assert f"Optuna {optuna.__version__}, which is installed" in message
    assert "upgrade" in message


def test_two_versions_in_optunas_table_are_damage(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_storage(url)
    make(tmp_path / "a.db", "INSERT INTO alembic_version VALUES ('v3.0.0.a')")

    with pytest.raises(StorageError, match="table alembic_version has 2 versions"):
        open_storage(url)


def test_another_optuna_is_noticed_before_the_work(folder: Path, reviews: Path) -> None:
    Store("a.db").close()
    open_storage("sqlite:///a.db")
    make(folder / "a.db", "UPDATE alembic_version SET version_num = 'v9.9.9.a'")

    ran = run_cli("search", "--dataset", reviews, "--storage", "a.db")

    assert ran.code == 2
    assert "newer Optuna" in ran.err
    assert "task" not in ran.err
