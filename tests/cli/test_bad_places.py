"""Places that refuse: folders, disks, databases.

In each case there is one message, and nothing half-written.
"""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.runtime import cache
from autodistill.storage import Store
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.commands import files_in, refused, run_cli, says
from tests.records import outcome, pipeline, write_study

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that can be known at once must come before the work."""

    def begin(*_: Any) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr("autodistill.prepare.workspace.tasks.load", begin)


@pytest.fixture
def recipe(reviews: Path, teacher: Path, tmp_path: Path) -> Path:
    """A recipe that can be run."""
    path = tmp_path / "good.toml"
    Recipe(Study(str(reviews), str(teacher)), pipeline(), epochs=1).save(path)
    return path


# places


@pytest.mark.usefixtures("never")
def test_a_database_below_a_file_is_refused_before_the_work(blocked: Path, reviews: Path) -> None:
    says(
        refused("--dataset", reviews, "--storage", blocked / "x.db"),
        str(blocked / "x.db"),
        "Name a file in",
    )


@pytest.mark.usefixtures("never")
def test_a_recipe_in_a_missing_folder_is_refused_before_the_work(
    folder: Path, reviews: Path
) -> None:
    says(
        refused("--dataset", reviews, "--out", folder / "none" / "r.toml"),
        f"--out {folder / 'none' / 'r.toml'}",
        "folder that exists",
    )


def test_a_cache_below_a_file_is_refused(
    blocked: Path, reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(blocked / "home"))

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        str(blocked / "home"),
        "not a directory",
        "AUTODISTILL_HOME",
    )


def test_a_full_disk_is_said_and_leaves_no_partial_folder(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    whole = cache.once

    def full(folder: Path, make: Callable[[Path], None]) -> bool:
        def until_full(draft: Path) -> None:
            (draft / "half").write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return whole(folder, until_full)

    monkeypatch.setattr("autodistill.prepare.tokens.once", full)

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        "the disk is full",
        "MB free at",
        "Free some space",
    )
    assert [
        p for p in files_in(tmp_path / "home") if "half" in p or p.split("/")[-1].startswith(".")
    ] == []


# databases


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


# studies


def test_recommend_on_an_unknown_study_names_the_known_ones(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9))

    says(
        refused("--study", "tinny", "--storage", "x.db", verb="recommend"),
        "unknown study 'tinny'",
        "'x.db'",
        "Did you mean 'tiny'?",
    )


def test_recommend_without_a_complete_run_says_how_to_go_on(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.5, "stopped"))

    message = refused("--study", "tiny", "--storage", "x.db", "--out", "r.toml", verb="recommend")

    says(message, "study 'tiny' has no complete run yet", "Run the same search again")


def test_recommend_refuses_a_place_that_cannot_be_written(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9))

    says(
        refused("--study", "tiny", "--storage", "x.db", "--out", "none/r.toml", verb="recommend"),
        "--out none/r.toml",
    )


@pytest.mark.parametrize("words", READING, ids=lambda w: w[0])
def test_a_verb_that_reads_makes_no_database(words: tuple[str, ...], folder: Path) -> None:
    says(
        refused(*words[1:], verb=words[0]),
        "there is no study database autodistill.db",
        "--storage",
        "`autodistill search` creates one",
    )


def test_a_name_that_stands_for_another_question_is_refused(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    write_study(folder / "x.db")

    message = refused(
        "--dataset", reviews, "--teacher", teacher, "--study", "tiny", "--storage", "x.db"
    )

    says(
        message,
        "study 'tiny' already exists with other settings",
        "give --study another name",
        "dataset: was 'reviews.csv'",
    )


def test_no_folder_for_temporary_files_is_one_message(
    reviews: Path, teacher: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))  # nothing is timed yet
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        "no temporary folder can be made: no such file or directory",
        "Set TMPDIR to a folder that you own",
    )


# rights


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_a_new_database_can_be_read_by_its_owner_alone(umask: int, folder: Path) -> None:
    before = os.umask(umask)
    try:
        write_study(folder / "x.db", outcome(0, 0.9))
    finally:
        os.umask(before)

    assert {p.name: oct(p.stat().st_mode & 0o777) for p in folder.iterdir()} == {
        p.name: "0o600" for p in folder.iterdir()
    }


def test_the_doctor_says_who_else_can_read_a_database(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9)).chmod(0o644)

    ran = run_cli("doctor", "--storage", "x.db")

    says(ran.out, "warn     database   x.db can be read by other users", "chmod -R go-rwx x.db")


def test_the_doctor_says_who_else_can_read_the_cache(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    home.mkdir()
    home.chmod(0o750)
    monkeypatch.setenv("AUTODISTILL_HOME", str(home))

    says(run_cli("doctor").out, f"warn     cache      {home} can be read by other users")


# folders of students


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize(
    ("out", "said"),
    [
        *((out, f"--out {out} --force: only a") for out in (".", "..", "thesis")),
        ("thesis.txt", "thesis.txt is not a folder"),
    ],
)
def test_force_replaces_nothing_but_a_students_folder(
    out: str, said: str, folder: Path, recipe: Path
) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter").write_text("a year's work")
    (folder / "thesis.txt").write_text("another year's work")

    says(refused(recipe, "--out", out, "--force", verb="run"), said)


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("verb", ["search", "run"])
def test_a_name_that_is_too_long_is_refused_before_the_work(verb: str, recipe: Path) -> None:
    words = {"search": ("--dataset", "x.csv"), "run": (recipe,)}[verb]

    says(refused(*words, "--out", "x" * 300, verb=verb), "file name too long")


@pytest.mark.usefixtures("never")
def test_a_server_that_does_not_answer_is_said_before_the_work(reviews: Path) -> None:
    says(refused("--dataset", reviews, "--storage", "postgresql://me@localhost:1/x"), "postgres")
