"""Kinds of end of a trial, with real processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.runtime import workers as workers_module
from autodistill.runtime.workers import Ended, LocalWorkers, Reported
from tests.paths import ROOT
from tests.runtime.engines import EngineTests, TrialSpec, end_of
from tests.runtime.runs import run


@pytest.fixture
def workers() -> Iterator[LocalWorkers]:
    """Two at once, forked from the server that later tests of this process use, too."""
    made = LocalWorkers(run, "data", workers=2, preload=PRELOAD)
    yield made
    made.stop()


class TestProcesses(EngineTests):
    """Processes of this machine."""


def test_libraries_are_told_of_one_thread_in_workers_and_of_nothing_here() -> None:
    before = dict(os.environ)

    ended = end_of(LocalWorkers(run, "data", workers=1, preload=PRELOAD), "environment")

    assert ended.result["OPENBLAS_NUM_THREADS"] == ended.result["OMP_NUM_THREADS"] == "1"
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("what", "status", "told"),
    [
        ("failed", "failed", "ValueError: no such thing"),
        ("memory", "out_of_memory", "can't allocate memory"),
        ("exit", "crashed", "exit code 3"),
        ("SIGSEGV", "crashed", "SIGSEGV"),
        ("SIGABRT", "crashed", "SIGABRT"),
        (
            "SIGKILL",
            "killed",
            "SIGKILL. If memory ran out (see the kernel log), use fewer --workers",
        ),
        ("SIGVTALRM", "killed", "SIGVTALRM"),
    ],
)
def test_deaths_are_told_apart(workers: LocalWorkers, what: str, status: str, told: str) -> None:
    ended = end_of(workers, what)

    assert ended.status == status
    assert told in ended.error
    assert ended.result is None


def test_stop_names_the_trials_that_were_cut_off_and_leaves_no_process(
    workers: LocalWorkers,
) -> None:
    for number in (1, 2):
        workers.start(TrialSpec(number, "hang"), 60.0)
    processes = [x.process for x in workers.live.values()]
    assert workers.free == 0

    assert workers.stop() == [1, 2]
    assert workers.free == 2
    assert not any(p.is_alive() for p in processes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "why"), [("x" * 120, "too long for a socket"), ("gone", "no such file")]
)
def test_a_folder_for_temporary_files_that_cannot_be_used_is_one_message(
    folder: str, why: str, tmp_path: Path
) -> None:
    script = (
        "import multiprocessing.process as p, sys\n"
        "from autodistill.runtime.workers import LocalWorkers\n"
        "from tests.runtime.runs import run\n"
        "from tests.runtime.engines import TrialSpec\n"
        "p.current_process()._config['tempdir'] = sys.argv[1]\n"
        "LocalWorkers(run, 'data', workers=1, preload=()).start(TrialSpec(0, 'done'), 9.0)\n"
    )
    if folder != "gone":
        (tmp_path / folder).mkdir()

    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("autodistill.errors.StorageError: no trial can be started")
    assert why in last


def test_hours_in_which_the_machine_slept_are_no_part_of_a_trials_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, now = LocalWorkers(run, None, workers=1, preload=[]), [100.0]
    pool.live["pipe"] = workers_module._Live(3, 0, None, deadline=160.0, begin=100.0)
    monkeypatch.setattr("autodistill.runtime.workers.time.monotonic", lambda: now[0])

    def sleep(*_: object, timeout: float) -> list[object]:
        now[0] += 8 * 3600 + timeout
        return []

    monkeypatch.setattr("autodistill.runtime.workers.connection.wait", sleep)

    events = pool.wait(0.5)

    assert events == []
    assert pool.live["pipe"].deadline == 160.0 + 8 * 3600


def test_more_trials_than_places_all_run_to_their_end(workers: LocalWorkers) -> None:
    waiting = [TrialSpec(n, "failed") for n in range(5)]

    events = list(workers.events_of(waiting, 30.0))

    assert sorted(e.number for e in events if isinstance(e, Ended)) == list(range(5))


def test_no_trial_is_left_when_nobody_wants_its_events_any_more(workers: LocalWorkers) -> None:
    with closing(workers.events_of([TrialSpec(0, "hang"), TrialSpec(1, "failed")], 30.0)) as events:
        next(e for e in events if isinstance(e, Ended))

    assert not workers.live


def reported(workers: LocalWorkers) -> Reported:
    """The first report of the trials that run."""
    while True:
        for event in workers.wait(0.2):
            assert isinstance(event, Reported)
            return event


def test_the_wait_for_an_answer_is_no_part_of_a_trials_time(workers: LocalWorkers) -> None:
    workers.start(TrialSpec(7, "done"), 30.0)
    event = reported(workers)
    (live,) = workers.live.values()
    assert live.asked is not None
    live.asked, live.begin, live.deadline = live.asked - 100, live.begin - 100, live.deadline - 100

    while_it_waits = workers.wait(0.0)
    event.reply(False)
    (end,) = workers.wait(20.0)

    assert while_it_waits == []
    assert isinstance(end, Ended)
    assert end.status == "done"
    assert end.seconds < 30


def test_a_trial_that_is_dropped_ends_without_an_event(workers: LocalWorkers) -> None:
    for number in (1, 2):
        workers.start(TrialSpec(number, "hang"), 60.0)
    processes = [x.process for x in workers.live.values()]

    workers.drop(1)

    assert workers.running == workers.free == 1
    assert [p.is_alive() for p in processes] == [False, True]
    assert workers.wait(0.0) == []


def test_a_server_that_is_warm_runs_a_trial(workers: LocalWorkers) -> None:
    workers.warm()

    assert workers.running == 0
    assert end_of(workers, "done").status == "done"
