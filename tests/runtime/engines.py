"""The tests that every engine passes, here or in a cluster."""

from dataclasses import dataclass

import pytest

from autodistill.runtime.engine import Engine
from autodistill.runtime.workers import Ended, Reported


@dataclass(frozen=True)
class TrialSpec:
    """The task of a worker."""

    number: int
    what: str


def end_of(workers: Engine, what: str, timeout: float = 60.0, stop: bool = False) -> Ended:
    """Start one trial, answer its reports, wait for its end."""
    workers.start(TrialSpec(7, what), timeout)
    while True:
        for event in workers.wait(0.2):
            if isinstance(event, Ended):
                return event
            assert isinstance(event, Reported)
            assert (event.number, event.step, event.value) == (7, 1, 0.5)
            event.reply(stop)


class EngineTests:
    """An engine of two places, the fixture `workers`, that runs `tests.runtime.runs.run`."""

    @pytest.mark.parametrize("stop", [False, True])
    def test_a_report_is_answered_and_the_result_comes_back(
        self, workers: Engine, stop: bool
    ) -> None:
        ended = end_of(workers, "done", stop=stop)

        assert (ended.number, ended.status, ended.error) == (7, "done", "")
        assert ended.result == {"stopped": stop, "data": "data"}
        assert workers.free == 2

    def test_an_exception_keeps_its_traceback(self, workers: Engine) -> None:
        assert "runs.py" in end_of(workers, "failed").error

    def test_a_trial_that_hangs_ends_at_its_deadline(self, workers: Engine) -> None:
        ended = end_of(workers, "hang", timeout=0.1)

        assert ended.status == "timeout"
        assert ended.seconds < 30
