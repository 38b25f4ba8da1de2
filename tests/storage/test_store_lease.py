"""One coordinator per study."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage import Store
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
    times = iter(datetime(2030, 1, 1, second=s, tzinfo=UTC) for s in range(10))
    store = Store(url, clock=lambda: next(times))
    old = store.claim(name)
    new = store.claim(name)

    with pytest.raises(StorageError, match="lost study 's' to another process"):
        old.beat(1.0)
    old.release()
    new.beat(2.0)

    assert store.spent_seconds(name) == 2.0
