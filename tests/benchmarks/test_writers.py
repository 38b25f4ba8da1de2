"""Many workers of one coordinator, with pauses in the place of trainings."""

import time

import pytest

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.workers import Ended, Reported
from autodistill.training.trial import TrialSpec
from benchmarks.writers import Pause, PausingPool, writers
from tests.benchmarks.conftest import say
from tests.records import pipeline
from tests.storage.servers import needs_a_server


@pytest.mark.slow
@pytest.mark.parametrize("storage", ["sqlite", pytest.param("postgresql", marks=needs_a_server)])
def test_all_trials_end_and_workers_are_busy(workspace: PreparedWorkspace, storage: str) -> None:
    found = writers(
        workspace,
        (1, 2),
        on_postgres=storage == "postgresql",
        trials=20,
        seconds=0.3,
        say=say,
    )

    assert found["per_minute_1"] > 0
    assert 0 < found["busy_2"] < 1


def test_a_pause_goes_on_when_its_report_is_answered() -> None:
    pool = PausingPool(Pause(0.03, 20), 1)
    pool.start(TrialSpec(7, pipeline(), 0, 100, 1), 60.0)

    (report,) = pool.wait(5.0)
    assert isinstance(report, Reported)
    assert pool.wait(0.05) == []
    report.reply(True)
    (end,) = pool.wait(5.0)

    assert isinstance(end, Ended)
    assert (end.number, end.result.status, len(end.result.curve)) == (7, "stopped", 1)
    assert pool.free == 1


def test_a_pause_is_a_third_of_a_trial() -> None:
    pool = PausingPool(Pause(0.3, 20), 1)
    begin = time.monotonic()
    pool.start(TrialSpec(0, pipeline(), 0, 100, 1), 60.0)

    pool.wait(5.0)

    assert time.monotonic() - begin >= 0.1
