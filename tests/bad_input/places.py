"""Places to write to and to read from, databases, and published studies."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bad_input.case import Case

SEARCH = "search --dataset reviews.csv --teacher teacher"
ADD = "studies add theirs"


def _folder(path: Path) -> None:
    path.mkdir()


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE studies (study_id INTEGER)")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('v99.9.0')")
        connection.commit()


CASES = (
    Case("a database in a folder that does not exist", f"{SEARCH} --storage none/x.db"),
    Case("a database below a file", f"{SEARCH} --storage space.toml/x.db"),
    Case("a database that is a folder", f"{SEARCH} --storage teacher"),
    Case("a database that is a table of texts", f"{SEARCH} --storage reviews.csv"),
    Case("a database that is cut", f"{SEARCH} --storage x.db", {"x.db": b"SQLite format 3\x00ab"}),
    Case("a database of a later Optuna", f"{SEARCH} --storage x.db", {"x.db": _of_another_program}),
    Case("a database that nobody serves", f"{SEARCH} --storage mysql://me:secret@host/x"),
    Case("a database URL without a host", f"{SEARCH} --storage ://"),
    Case("a recipe to a folder that does not exist", f"{SEARCH} --out none/r.toml"),
    Case("a recipe to a folder", f"{SEARCH} --out teacher"),
    Case("a cache below a file", SEARCH, env={"AUTODISTILL_HOME": "space.toml/home"}),
    Case("a student below a file", "train recipe.toml --out space.toml/student"),
    Case("a student over a folder", "train recipe.toml --out teacher"),
    Case("a study that is not there", "recommend --study films --storage x.db"),
    Case("a report of a study that is not there", "report films"),
    Case("a page in a folder that does not exist", "report published --out none/r.html"),
    Case("a published study that is missing", ADD),
    Case("a published study that is a file", "studies add reviews.csv"),
    Case("a published study of no files", ADD, {"theirs": _folder}),
    Case(
        "a published study that is no TOML",
        ADD,
        {"theirs/study.toml": "name = ", "theirs/outcomes.csv": "", "theirs/guesses.csv": ""},
    ),
    Case(
        "a published study without trials",
        ADD,
        {
            "theirs/study.toml": 'format = 1\nname = "x"\n',
            "theirs/outcomes.csv": "",
            "theirs/guesses.csv": "",
        },
    ),
    Case(
        "a published study of a later format",
        ADD,
        {
            "theirs/study.toml": 'format = 99\nname = "x"\n',
            "theirs/outcomes.csv": "a,b\n",
            "theirs/guesses.csv": "a,b\n",
        },
    ),
    Case("a study to publish that is not there", "studies publish films"),
)
