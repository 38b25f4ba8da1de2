"""Many processes at one empty database: all of them find its tables, none ends with an error."""

import multiprocessing
import traceback
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import optuna
import pytest

from autodistill.errors import StorageError
from autodistill.search.optuna_storage import open_storage
from autodistill.storage import Store
from autodistill.study.study import Study
from tests.records import outcome
from tests.storage.servers import empty_databases, postgres

PROCESSES = 6
SHARED = "shared"


def use(url: str, who: int) -> str:
    """Open the tables, search a study of one's own; whether the shared study could be claimed."""
    store = Store(url)
    storage = open_storage(store.url, only_writer=True)
    for name in (f"own-{who}", SHARED):
        store.begin(Study("reviews.csv"), {}, name=name)
    with store.claim(f"own-{who}") as lease:
        study = optuna.create_study(storage=storage, study_name=f"own-{who}", load_if_exists=True)
        for _ in range(2):
            number = study.ask().number
            store.add(f"own-{who}", outcome(number, 0.5))
            study.tell(number, 0.5)
            lease.beat(1.0)
    try:
        lease = store.claim(SHARED)
    except StorageError as error:
        return "refused" if "is being searched by process" in str(error) else str(error)
    finally:
        store.close()
    lease.beat(1.0)
    return "claimed"  # and never released: its process ends


def work(who: int, urls: Sequence[str], start: Barrier, said: "Queue[tuple[str, str]]") -> None:
    """Use one database after the other, each at the moment when the other processes do."""
    for url in urls:
        start.wait(120)
        try:
            said.put((url, use(url, who)))
        except BaseException:
            said.put((url, traceback.format_exc()))
    start.wait(120)  # a lease is alive as long as its process


def race(urls: Sequence[str], how: str) -> list[tuple[str, str]]:
    """The answers of each process for each database."""
    context: Any = multiprocessing.get_context(how)
    start, said = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=work, args=(who, urls, start, said)) for who in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    answers = [said.get(timeout=200) for _ in range(PROCESSES * len(urls))]
    for process in processes:
        process.join(60)
    return answers


def check(urls: Sequence[str], answers: Sequence[tuple[str, str]]) -> None:
    """One process has the shared study, the others read who; all trials are there."""
    odd = [(url, said) for url, said in answers if said not in ("claimed", "refused")]
    assert odd == []
    for url in urls:
        assert [said for u, said in answers if u == url].count("claimed") == 1
        store = Store(url)
        rows = {row.name: row.finished for row in store.studies()}
        store.close()
        assert rows == {f"own-{who}": 2 for who in range(PROCESSES)} | {SHARED: 0}


@pytest.mark.parametrize(
    ("how", "count"),
    [
        pytest.param("fork", 4, marks=pytest.mark.slow),
        pytest.param("spawn", 5, marks=pytest.mark.slow),
        pytest.param("spawn", 20, marks=pytest.mark.long),
    ],
)
def test_six_processes_at_empty_files_end_without_an_error(
    tmp_path: Path, how: str, count: int
) -> None:
    urls = [str(tmp_path / f"{n}.db") for n in range(count)]

    answers = race(urls, how)

    check(urls, answers)


@pytest.mark.parametrize(
    "count",
    [pytest.param(5, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.long)],
)
def test_six_processes_at_empty_databases_of_a_server_end_without_an_error(count: int) -> None:
    with postgres() as server:
        urls = empty_databases(server, count)

        answers = race(urls, "spawn")

        check(urls, answers)
