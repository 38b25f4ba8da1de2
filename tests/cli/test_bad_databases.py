"""Databases that refuse: no database, too new, full, missing, out of reach.

In each case there is one message, and nothing half-written.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.storage import Store
from tests.commands import files_in, refused, run_cli, says
from tests.records import outcome, write_study

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.usefixtures("never")
def test_a_database_below_a_file_is_refused_before_the_work(blocked: Path, reviews: Path) -> None:
    says(
        refused("--dataset", reviews, "--storage", blocked / "x.db"),
        str(blocked / "x.db"),
        "Name a file in",
    )


@contextmanager
def small_databases() -> Iterator[None]:
    """SQLite refuses to let any database grow beyond one page, as on a full disk."""

    def limit(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    sa.event.listen(sa.Engine, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", limit)


def test_a_full_disk_under_the_database_is_said_and_harms_nothing(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    with small_databases():
        ran = run_cli("search", "--dataset", reviews, "--teacher", teacher, "--storage", "x.db")

    assert ran.code == 2
    says(ran.err, "no space is left for the database 'x.db'", "run the same command again")
    assert "Traceback" not in ran.err
    assert {name.split(".")[0] for name in files_in(folder)} == {"x"}
    assert Store("x.db").studies() == []  # with space again it opens


def letter(path: Path) -> Path:
    """No database at all."""
    path.write_bytes(b"this is a letter, not a database " * 40)
    return path


def from_the_future(path: Path) -> Path:
    """A database as a later version may leave it."""
    write_study(path, outcome(0, 0.9))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE autodistill_alembic_version SET version_num = '9999'")
    return path


BAD_DATABASES = [
    (letter, ["is not an SQLite database", "Name another file"]),
    (from_the_future, ["newer autodistill", "9999", "pip install --upgrade"]),
]
READING = [
    ("recommend", "--study", "tiny"),
    ("ls", "studies"),
    ("show", "studies", "tiny"),
    ("dashboard",),
]


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize(("make", "parts"), BAD_DATABASES)
def test_a_database_that_cannot_be_used_is_refused_before_the_work(
    make: Callable[[Path], Path], parts: list[str], folder: Path, recipe: Path
) -> None:
    database = make(folder / "x.db")
    content = database.read_bytes()

    says(refused("--dataset", "reviews.csv", "--storage", "x.db"), "'x.db'", *parts)
    says(refused(recipe, "--storage", "x.db", verb="run"), "'x.db'", *parts)
    assert database.read_bytes() == content


@pytest.mark.parametrize("verb", READING[:3], ids=lambda v: v[0])
@pytest.mark.parametrize(("make", "parts"), BAD_DATABASES)
def test_reading_verbs_refuse_it_in_the_same_words(
    verb: tuple[str, ...], make: Callable[[Path], Path], parts: list[str], folder: Path
) -> None:
    says(refused(*verb[1:], "--storage", make(folder / "x.db"), verb=verb[0]), "x.db'", *parts)


@pytest.mark.parametrize(
    "url", ["mysql://me:secret@host/x", "postgresql://me:secret@", "sqlite://", "://"]
)
def test_a_database_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    message = refused("--study", "x", "--storage", url, verb="recommend")

    assert "secret" not in message


@pytest.mark.parametrize("words", READING, ids=lambda w: w[0])
def test_a_verb_that_reads_makes_no_database(words: tuple[str, ...], folder: Path) -> None:
    says(
        refused(*words[1:], verb=words[0]),
        "there is no study database autodistill.db",
        "--storage",
        "`autodistill search` creates one",
    )


@pytest.mark.usefixtures("never")
def test_a_server_that_does_not_answer_is_said_before_the_work(reviews: Path) -> None:
    says(refused("--dataset", reviews, "--storage", "postgresql://me@localhost:1/x"), "postgres")
