"""Machines that join a search: what they compute, how they leave, how they and it die.

Needs a PostgreSQL server, or its programs on this machine; see tests/storage/servers.py.
"""

import signal
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from autodistill.storage import Store
from tests.search.joined import STUDY, Cluster, cluster
from tests.storage.servers import empty_databases, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def films(
    server: str, tmp_path: Path, reviews: Path, teacher: Path, request: pytest.FixtureRequest
) -> Iterator[Cluster]:
    """A study of its own for each test."""
    name = f"joined{crc32(request.node.name.encode())}_"
    (url,) = empty_databases(server, 1, name)
    question = ("--dataset", str(reviews), "--teacher", str(teacher))
    with cluster(tmp_path, url, *question) as made:
        yield made


@pytest.mark.slow
def test_a_worker_waits_for_the_search_and_its_outcomes_are_those_of_one_machine(
    films: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    worker = films.worker(AUTODISTILL_HOME=str(tmp_path / "home of its own"))
    worker.hears("waiting for a search of 'films'")

    search = films.search("--random", "--trials", "12")
    films.join(search, worker)
    assert search.code() == 0, search.text
    with cluster(tmp_path / "alone", "s.db", *films.question) as one:
        alone = one.search("--random", "--trials", "12")
        assert alone.code() == 0, alone.text
        expected = Store(str(tmp_path / "alone" / "s.db")).record(STUDY).outcomes

    assert worker.code() == 0, worker.text
    films.check(12)
    assert "joined; trials at once: 1" in search.text
    assert worker.text.count("\ntrial ") >= 1
    found = films.outcomes()
    assert [(o.pipeline.key, o.seed, o.status, o.score, o.curve) for o in found] == [
        (o.pipeline.key, o.seed, o.status, o.score, o.curve) for o in expected
    ]
    assert [o.predictions for o in found] == [o.predictions for o in expected]


@pytest.mark.slow
def test_a_worker_that_is_ended_gives_its_trial_back_and_goes_with_143(films: Cluster) -> None:
    search, worker = films.search("--trials", "12"), films.worker()
    films.join(search, worker)
    worker.hears("\ntrial ")

    worker.process.send_signal(signal.SIGTERM)
    code = worker.code()

    assert code == 143, worker.text
    assert "Traceback" not in worker.text
    assert worker.text.count("interrupted by SIGTERM") == 1
    assert search.code() == 0, search.text
    assert "process" in search.text.partition(" left; trials put back: ")[0]
    films.check(12)


@pytest.mark.long
def test_kills_of_workers_and_of_the_coordinator_lose_and_double_nothing(films: Cluster) -> None:
    trials = ("--trials", "12")
    search, first, second = films.search(*trials), films.worker(), films.worker()
    films.join(search, first, second)
    for each in (first, second):
        each.hears("\ntrial ")
    first.kill()
    before = films.outcomes()
    search.hears("is gone; trials put back:")
    search.kill()
    between = films.outcomes()

    again = films.search(*trials)
    second.hears("the search began anew")
    second.hears("joined the search", times=2)
    third = films.worker()

    assert again.code() == 0, again.text
    assert [w.code() for w in (second, third)] == [0, 0], second.text + third.text
    films.check(12)
    after = {o.number: o for o in films.outcomes()}
    for outcome in (*before, *between):
        assert after[outcome.number] == outcome, "a finished outcome was lost or changed"


@pytest.mark.long
def test_coordinators_that_are_killed_again_and_again_end_with_exact_totals(
    films: Cluster,
) -> None:
    trials, workers = ("--trials", "12"), [films.worker(), films.worker()]
    counts = []
    for kill in range(3):
        search = films.search(*trials)
        films.has(3 * kill + 1)
        search.kill()
        counts.append(len(films.outcomes()))

    last = films.search(*trials)

    assert last.code() == 0, last.text
    assert [w.code() for w in workers] == [0, 0]
    films.check(12)
    assert counts == sorted(counts)


@pytest.mark.slow
def test_a_worker_with_other_rows_is_refused_before_its_first_trial(
    films: Cluster, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    lines = Path(films.question[1]).read_text(encoding="utf-8").splitlines(keepends=True)
    rows.write_text("".join(lines), encoding="utf-8")
    films.question = ("--dataset", "rows.csv", *films.question[2:])
    search = films.search("--trials", "300")
    search.hears("\ntrial ")
    rows.write_text("".join(lines[:-40]), encoding="utf-8")

    worker = films.worker()

    assert worker.code() == 2, worker.text
    told = " ".join(worker.text.split())
    assert "this machine cannot join the search of 'films'" in told
    assert "the rows of the dataset differ" in told
    assert "Traceback" not in worker.text
    assert "joined; trials" not in search.text
