"""Pages while a search runs: new when there is news, and only then."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep

import optuna
import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.errors import StorageError
from autodistill.report.server import pages
from autodistill.search.optuna_storage import open_storage
from autodistill.search.running import RunningTrials
from autodistill.storage import Store
from tests.records import outcome, pipeline, write_study
from tests.report.server.client import Client, serving

PAGES = ("/", "/studies/tiny", "/studies/tiny/stages", "/studies/tiny/runs", "/studies/tiny/runs/0")


@pytest.fixture(autouse=True)
def _drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks on sees news at once."""
    monkeypatch.setattr(pages, "SPARED", 0.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(write_study(tmp_path / "x.db", outcome(0, 0.9))))


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[Client]:
    with serving(tmp_path / "x.db") as found:
        yield found


def etags(client: Client, *pages: str) -> list[str]:
    """The versions of pages."""
    return [client.get(page).headers["etag"] for page in pages]


@pytest.mark.parametrize("page", PAGES)
def test_without_news_a_page_is_not_sent_again(client: Client, page: str) -> None:
    first = client.get(page)

    again = client.get(page, If_None_Match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert f'content="{first.headers["etag"].replace(chr(34), "&#34;")}"' in first.text


@pytest.mark.parametrize("page", [PAGES[0], PAGES[1], PAGES[3]])
def test_a_trial_that_ends_is_news(client: Client, store: Store, page: str) -> None:
    (before,) = etags(client, page)

    store.add("tiny", outcome(1, 0.95))

    after = client.get(page, If_None_Match=before)
    assert after.status == 200
    assert "0.95" in after.text


def test_the_start_and_the_end_of_a_search_are_news(client: Client, store: Store) -> None:
    states = [client.get("/studies/tiny").text]

    with store.claim("tiny"):
        states.append(client.get("/studies/tiny").text)
    states.append(client.get("/studies/tiny").text)

    assert ["A search is under way" in text for text in states] == [False, True, False]


def test_a_trial_under_way_is_listed_with_its_rungs(
    client: Client, store: Store, tmp_path: Path
) -> None:
    study = optuna.create_study(study_name="tiny", storage=open_storage(store.url))
    study.add_trial(optuna.create_trial(value=0.9))
    trial = study.ask()
    trial.set_user_attr("pipeline", str(pipeline()))

    with store.claim("tiny"):
        (before,) = etags(client, "/studies/tiny/runs")
        trial.report(0.625, 1)
        after = client.get("/studies/tiny/runs", If_None_Match=before)
        own = client.get("/studies/tiny/runs/1")

    assert "<td>running</td>" in after.text
    assert 'aria-label="scores at rungs: 0.625"' in after.text
    assert "Under way" in own.text
    assert str(pipeline()) in own.text
    assert "running" not in client.get("/studies/tiny/runs").text


def test_trials_under_way_are_read_for_the_list_of_runs_alone(
    client: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()

    def of(_: RunningTrials, name: str) -> tuple[()]:
        read.append(name)
        return ()

    monkeypatch.setattr(RunningTrials, "of", of)

    with store.claim("tiny"):
        for page in ("/", "/studies/tiny", "/studies/tiny/stages"):
            client.get(page)
        before = len(read)
        client.get("/studies/tiny/runs")

    assert (before, read) == (0, ["tiny"])


def test_a_search_that_was_killed_is_not_under_way(client: Client, store: Store) -> None:
    lease = store.claim("tiny")
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE ad_coordinator SET process = 'else 1 2', pid = 0")
        connection.exec_driver_sql(
            "UPDATE ad_coordinator SET heartbeat = '2020-01-01T00:00:00+00:00'"
        )

    text = client.get("/studies/tiny").text

    assert lease.study == "tiny"
    assert "was interrupted" in text


def test_a_study_that_was_removed_and_begun_again_shows_nothing_old(
    client: Client, store: Store, tmp_path: Path
) -> None:
    assert "0.9000" in client.get("/studies/tiny/runs").text

    store.remove("tiny")
    write_study(tmp_path / "x.db", replace(outcome(0, 0.4), cost={"params": 2e6}))

    text = client.get("/studies/tiny/runs").text
    assert "0.4000" in text
    assert "0.9000" not in text


def test_no_page_holds_a_lock_or_writes(client: Client, store: Store, tmp_path: Path) -> None:
    version = "PRAGMA data_version"
    with sqlite3.connect(tmp_path / "x.db", isolation_level=None, timeout=0) as other:
        for page in (*PAGES, "/dashboard", "/api/studies"):
            client.get(page)
        before = other.execute(version).fetchone()
        other.execute("BEGIN IMMEDIATE")  # as a search does when it stores a trial
        found = [client.get(page).status for page in (*PAGES, "/dashboard", "/api/studies")]
        other.execute("ROLLBACK")
        after = other.execute(version).fetchone()

    assert found == [200] * 7
    assert before == after


def test_a_page_that_takes_long_is_drawn_seldom_for_those_who_look_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "SPARED", 100.0)
    now, drawn = [0.0], []
    kept = pages.Pages(clock=lambda: now[0], worked=lambda: now[0])

    def draw(etag: str) -> str:
        now[0] += 1.0
        drawn.append(etag)
        return "page"

    first = kept.get("answer", "1", draw, draw)
    looked_on = kept.get("answer", "2", draw, draw, looked_on=first.etag)
    behind = kept.get("answer", "2", draw, draw, looked_on='"one before"')
    opened = kept.get("answer", "2", draw, draw)
    now[0] += 100.0
    later = kept.get("answer", "3", draw, draw, looked_on=opened.etag)

    assert looked_on == behind == first
    assert drawn == [first.etag, opened.etag, later.etag]


def test_three_open_pages_together_take_no_more_of_the_time_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "SPARED", 100.0)
    now, drawn, open_pages = [0.0], [], ("list", "runs", "answer")
    kept = pages.Pages(clock=lambda: now[0], worked=lambda: now[0])

    def draw(etag: str) -> str:
        now[0] += 1.0
        drawn.append(etag)
        return "page"

    found = {name: kept.get(name, "0", draw, draw).etag for name in open_pages}
    for second in range(1, 1200):  # each of them has news in every second
        now[0] += 1.0
        for name in open_pages:
            found[name] = kept.get(name, str(second), draw, draw, looked_on=found[name]).etag

    assert len(drawn) == pytest.approx(len(open_pages) + 1200 / 100, abs=2)


def test_a_page_that_takes_long_is_announced_and_then_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "PATIENCE_SECONDS", 0.01)
    ready, kept = Event(), pages.Pages()

    def draw(etag: str) -> str:
        ready.wait(20)
        return "whole"

    def get() -> pages.Page:
        return kept.get("answer", "1", draw, lambda etag: "soon")

    first, second = get(), get()
    ready.set()
    while (third := get()) == second:
        sleep(0.01)

    assert (first.body, third.body) == (b"soon", b"whole")
    assert first.etag == second.etag
    assert first.etag != third.etag


def test_a_page_that_cannot_be_drawn_says_so_each_time() -> None:
    kept = pages.Pages()

    def draw(etag: str) -> str:
        raise StorageError("the database is gone")

    for _ in range(2):
        with pytest.raises(StorageError, match="is gone"):
            kept.get("answer", "1", draw, draw)
