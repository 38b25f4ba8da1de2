"""Equal trials over one and two workers."""

import pytest

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.training.trial import TrialSpec
from benchmarks.materials import default_pipeline
from benchmarks.workers import spread, workers
from tests.benchmarks.conftest import say


@pytest.mark.slow
def test_rates_and_their_ratio(workspace: PreparedWorkspace) -> None:
    found = workers(
        workspace.data, default_pipeline(workspace), rows=32, trials=2, counts=(1, 2), say=say
    )

    assert found["ratio_with_1"] == 1
    assert found["ratio_with_2"] == found["per_minute_with_2"] / found["per_minute_with_1"] > 0


@pytest.mark.slow
def test_a_failing_trial_is_no_figure(workspace: PreparedWorkspace) -> None:
    broken = TrialSpec(0, default_pipeline(workspace), 0, rows=0, epochs=1)

    with pytest.raises(RuntimeError, match="trial 0 failed"):
        spread(workspace.data, broken, 1, 1)
