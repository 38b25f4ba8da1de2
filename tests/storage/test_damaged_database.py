"""Damaged databases: one message each, whatever is read of them."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autodistill.errors import StorageError
from autodistill.search.optuna_storage import check_tables, open_storage
from autodistill.storage import Store
from tests.commands import refused, run_cli, says
from tests.records import outcome, write_study


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One study with three runs, and Optuna's tables."""
    path = write_study(tmp_path / "s.db", *(outcome(n, 0.5 + n / 10) for n in range(3)))
    check_tables(str(path))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


ROWS: dict[str, tuple[str, str]] = {
    "not JSON": (
        "UPDATE ad_outcome SET pipeline = '{' WHERE number = 1",
        "a row cannot be read: Expecting",
    ),
    "a list": (
        "UPDATE ad_outcome SET pipeline = '[]' WHERE number = 1",
        "trial 1 of study 'tiny' cannot be read",
    ),
    "no student": (
        "UPDATE ad_outcome SET pipeline = '{\"terms\": []}' WHERE number = 2",
        "trial 2 of study 'tiny' cannot be read",
    ),
    "facts": ("UPDATE ad_study SET facts = '3'", "study 'tiny' cannot be read"),
    "an unknown setting": (
        'UPDATE ad_study SET question = \'{"dataset": "a", "odd": 1}\'',
        "study 'tiny' cannot be read",
    ),
    "a table is gone": ("DROP TABLE ad_curve", "is damaged (no such table: ad_curve)"),
}


@pytest.mark.parametrize(("statement", "said"), ROWS.values(), ids=ROWS)
def test_a_damaged_row_is_one_message_that_names_it(
    statement: str, said: str, database: Path
) -> None:
    change(database, statement)

    with pytest.raises(StorageError) as caught:
        Store(str(database)).record("tiny")

    says(str(caught.value), f"the database '{database}' is damaged", said)


def test_a_damaged_question_does_not_break_the_list_without_a_word(database: Path) -> None:
    change(database, "UPDATE ad_study SET question = '[]'")

    with pytest.raises(StorageError, match="all studies cannot be read"):
        Store(str(database)).studies()


def use(path: Path) -> str:
    """Everything that is read of a database; a refusal, or how many runs it has."""
    try:
        store = Store(str(path))
        runs = sum(len(store.record(row.name).outcomes) for row in store.studies())
        storage = open_storage(store.url)
        for study in storage.get_all_studies():
            storage.get_all_trials(study._study_id)
        return f"{runs} runs"
    except StorageError as error:
        return str(error)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_file_that_is_cut_is_a_refusal(database: Path, share: float) -> None:
    content = database.read_bytes()
    database.write_bytes(content[: int(share * len(content))])

    assert "database" in use(database)


def test_an_emptied_file_is_a_new_database(database: Path) -> None:
    database.write_bytes(b"")

    assert use(database) == "0 runs"


@pytest.mark.parametrize("end", ["-wal", "-shm"])
def test_what_a_killed_process_left_beside_it_does_no_harm(database: Path, end: str) -> None:
    database.with_name(f"s.db{end}").write_bytes(bytes(range(256)) * 64)

    assert use(database) == "3 runs"


def test_a_folder_in_its_place_is_said_by_every_verb(folder: Path, reviews: Path) -> None:
    (folder / "x.db").mkdir()

    says(refused("--dataset", reviews, "--storage", "x.db"), "x.db", "it is a folder")
    says(refused("studies", "--storage", "x.db", verb="ls"), "x.db", "is a folder")


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    Store(str(tmp_path / "new.db"))

    assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0


def spoil(path: Path, draw: random.Random) -> None:
    """A zeroed page, flipped bytes anywhere, or flipped bytes in the head."""
    content = bytearray(path.read_bytes())
    match draw.randrange(3):
        case 0:
            page = draw.randrange(len(content) // 4096)
            content[page * 4096 : (page + 1) * 4096] = bytes(4096)
        case 1:
            for _ in range(draw.randint(1, 40)):
                content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        case _:
            content[draw.randrange(100)] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


@pytest.mark.slow
def test_a_hundred_damaged_databases_work_or_are_refused(database: Path, tmp_path: Path) -> None:
    draw, said = random.Random(0), list[str]()
    for number in range(100):
        copy = tmp_path / f"{number}.db"
        shutil.copyfile(database, copy)
        spoil(copy, draw)
        said.append(use(copy))

    print(f"{sum(s.endswith('runs') for s in said)} of {len(said)} were readable")
    assert [s for s in said if not s.endswith("runs") and "database" not in s] == []


def test_reading_verbs_say_a_damaged_row_in_one_message(database: Path, folder: Path) -> None:
    change(database, "UPDATE ad_outcome SET pipeline = '[]' WHERE number = 1")

    for verb in (("show", "studies", "tiny"), ("recommend", "--study", "tiny")):
        ran = run_cli(*verb, "--storage", database)
        assert ran.code == 2
        says(ran.err, "trial 1 of study 'tiny' cannot be read")
