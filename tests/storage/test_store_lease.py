"""One coordinator per study."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage import Store
from autodistill.storage.clock import database_now
from autodistill.storage.identity import identity, process_space
from autodistill.storage.tables import COORDINATOR
from autodistill.study.study import Study


@pytest.fixture
def name(store: Store, study: Study) -> str:
    store.begin(study, {}, name="s")
    return "s"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def hold(store: Store, **values: Any) -> None:
    """Write the row that another process would have written."""
    now = datetime.now(UTC).isoformat()
    row = {
        "study": "s",
        "host": socket.gethostname(),
        "started_at": now,
        "heartbeat": now,
        "spent_seconds": 7.5,
        **values,
    }
    with store.database.writing() as connection:
        connection.execute(sa.insert(COORDINATOR).values(row))


def test_seconds_add_up_over_sittings(store: Store, name: str) -> None:
    assert store.spent_seconds(name) == 0.0

    with store.claim(name) as first:
        first.beat(10.25)
    with store.claim(name) as second:
        second.beat(second.spent_before + 5.0)

    assert (first.spent_before, second.spent_before) == (0.0, 10.25)
    assert store.spent_seconds(name) == 15.25
    assert store.record(name).spent_seconds == 15.25


def test_a_study_that_a_living_process_searches_is_refused(
    store: Store, name: str, sleeper: subprocess.Popen[bytes]
) -> None:
    hold(store, pid=sleeper.pid)

    with pytest.raises(
        StorageError,
        match=rf"by process {sleeper.pid} on host '{socket.gethostname()}' since \d{{4}}-.* UTC",
    ):
        store.claim(name)
    with pytest.raises(StorageError, match="is being searched"):
        store.remove(name)


def test_a_study_of_a_dead_process_is_taken_over_with_its_seconds(
    store: Store, name: str, sleeper: subprocess.Popen[bytes]
) -> None:
    hold(store, pid=sleeper.pid)
    sleeper.kill()
    sleeper.wait()

    lease = store.claim(name)

    assert lease.spent_before == 7.5
    assert store.spent_seconds(name) == 7.5


def test_a_killed_process_that_nobody_waited_for_counts_as_dead(
    store: Store, name: str, sleeper: subprocess.Popen[bytes]
) -> None:
    hold(store, pid=sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)

    assert store.claim(name).spent_before == 7.5


def test_a_newborn_process_with_the_old_number_is_not_the_holder(
    store: Store, name: str, sleeper: subprocess.Popen[bytes]
) -> None:
    hold(store, pid=sleeper.pid, started_at=(datetime.now(UTC) - timedelta(hours=1)).isoformat())

    assert store.claim(name).spent_before == 7.5


@pytest.mark.parametrize(("silent_seconds", "free"), [(50, False), (70, True)])
def test_another_host_holds_a_study_for_a_minute_after_its_last_beat(
    store: Store, name: str, silent_seconds: int, free: bool
) -> None:
    beat = datetime.now(UTC) - timedelta(seconds=silent_seconds)
    hold(store, host="elsewhere", pid=os.getpid(), heartbeat=beat.isoformat())

    if free:
        assert store.claim(name).spent_before == 7.5
    else:
        with pytest.raises(StorageError, match="on host 'elsewhere'"):
            store.claim(name)


def test_who_lost_the_study_learns_it_at_the_next_beat(url: str, name: str) -> None:
    store = Store(url)
    old = store.claim(name)
    with store.database.writing() as connection:  # it was silent for too long, and another came
        connection.execute(sa.update(COORDINATOR).values(token="another"))

    with pytest.raises(StorageError, match="lost study 's' to another process"):
        old.beat(1.0)
    old.release()

    with store.database.reading() as connection:
        assert connection.scalar(sa.select(COORDINATOR.c.token)) == "another"


def test_a_second_search_in_the_same_process_is_refused(store: Store, name: str) -> None:
    with store.claim(name), pytest.raises(StorageError, match=r"is being searched.*this process"):
        store.claim(name)

    store.claim(name).release()


@pytest.mark.parametrize("ahead", [timedelta(hours=-3), timedelta(hours=3)])
def test_a_wrong_clock_takes_no_study_that_another_machine_searches(
    url: str, name: str, ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(Store(url), host="elsewhere", pid=1, token="theirs", process="another machine 1 5")
    monkeypatch.setattr("time.time", lambda: datetime.now(UTC).timestamp() + ahead.total_seconds())
    wrong = Store(url, clock=lambda: datetime.now(UTC) + ahead)

    with pytest.raises(StorageError, match=r"last reported \d+ s ago, and counts as ended after"):
        wrong.claim(name)


def test_a_holder_whose_clock_was_wrong_keeps_its_study(
    store: Store, name: str, sleeper: subprocess.Popen[bytes]
) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    process = identity(sleeper.pid)
    hold(store, pid=sleeper.pid, started_at=long_ago, heartbeat=long_ago, process=process)

    with pytest.raises(StorageError, match="is being searched"):
        store.claim(name)


def test_a_container_with_the_same_name_and_process_number_keeps_its_study(
    store: Store, name: str
) -> None:
    hold(store, pid=os.getpid(), token="theirs", process=f"other boot/pid:[7] {os.getpid()} 5")

    with pytest.raises(StorageError, match="is being searched"):
        store.claim(name)


def test_an_earlier_process_with_this_number_does_not_hold_the_study(
    store: Store, name: str
) -> None:
    earlier = f"{process_space()} {os.getpid()} 5"
    hold(store, pid=os.getpid(), token="theirs", process=earlier)

    assert store.claim(name).spent_before == 7.5


def test_the_time_of_a_file_is_that_of_its_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path / "s.db"))
    monkeypatch.setattr("time.time", lambda: 0.0)

    with store.database.reading() as connection:
        now = database_now(connection, store.url)

    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
