"""Workers whose processes stay for the next trial, as on a card."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.runtime.workers import LocalWorkers
from tests.runtime.engines import TrialSpec, end_of
from tests.runtime.runs import run


@pytest.fixture
def workers() -> Iterator[LocalWorkers]:
    """Two places with data of their own."""
    made = LocalWorkers(
        run, None, workers=2, preload=PRELOAD, places=("first", "second"), stays=True
    )
    yield made
    made.stop()


def test_a_process_runs_the_next_trial_of_its_place(workers: LocalWorkers) -> None:
    first, second = (end_of(workers, "who").result for _ in range(2))

    assert first == second
    assert first["data"] == "first"
    assert first["process"] != os.getpid()


def test_a_trial_beside_another_has_the_data_of_its_own_place(workers: LocalWorkers) -> None:
    workers.start(TrialSpec(1, "hang"), 60.0)

    assert end_of(workers, "who").result["data"] == "second"


@pytest.mark.parametrize("what", ["failed", "exit"])
def test_an_error_ends_the_process_and_the_next_trial_has_a_new_one(
    workers: LocalWorkers, what: str
) -> None:
    before = end_of(workers, "who").result["process"]

    ended = end_of(workers, what)

    assert ended.status in ("failed", "crashed")
    assert end_of(workers, "who").result["process"] != before


def test_a_process_that_died_while_it_waited_costs_no_trial(workers: LocalWorkers) -> None:
    before = end_of(workers, "who").result["process"]
    os.kill(before, signal.SIGKILL)
    ((pipe, _),) = workers.idle.values()
    assert pipe.poll(20), "its threads end one by one, the last closes its files"

    ended = end_of(workers, "who")

    assert (ended.status, ended.result["process"] != before) == ("done", True)


def test_stop_leaves_no_process_that_waits(workers: LocalWorkers) -> None:
    waiting = end_of(workers, "who").result["process"]

    assert workers.stop() == []
    assert not psutil.pid_exists(waiting)
