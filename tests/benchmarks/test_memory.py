"""A short search through the real loop, measured."""

import pytest

from autodistill.prepare.workspace import PreparedWorkspace
from benchmarks.memory import memory
from tests.benchmarks.conftest import say


@pytest.mark.slow
def test_every_trial_is_run_and_its_start_is_timed(workspace: PreparedWorkspace) -> None:
    found = memory(workspace, trials=3, rows=32, workers=1, say=say)

    assert (found["finished"], found["failed"]) == (3, 0)
    assert found["coordinator_mb_settled"] == found["coordinator_mb_end"] > 0
    assert found["fork_server_ratio"] == 1
    assert 0 < found["start_seconds_lowest"] <= found["start_seconds"]
