"""Stages that act while a student trains are called at their moments."""

from dataclasses import replace

import pytest
from torch import nn

from autodistill.components.hooks import Hook
from autodistill.study.pipeline import Pipeline
from autodistill.training import assemble
from autodistill.training.fit import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData


class Recorder(Hook):
    """Notes what it is called for."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def begin(self, student: nn.Module) -> None:
        self.calls.append("begin")

    def before_step(self, student: nn.Module, progress: float) -> None:
        assert any(p.grad is not None for p in student.parameters())
        self.calls.append(f"before {progress:.2f}")

    def after_step(self, student: nn.Module, progress: float) -> None:
        self.calls.append(f"after {progress:.2f}")

    def finish(self, student: nn.Module) -> None:
        self.calls.append("finish")


def test_a_hook_is_called_before_and_after_every_step(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Recorder()
    monkeypatch.setattr(assemble, "hooks_of", lambda _: (hook,))
    optimizer = replace(pipeline.optimizer, knobs={**pipeline.optimizer.knobs, "batch": 32})

    run_trial(data, TrialSpec(0, replace(pipeline, optimizer=optimizer), 0, 64, 1), never)

    assert hook.calls == [
        "begin",
        "before 0.00",
        "after 0.50",
        "before 0.50",
        "after 1.00",
        "finish",
    ]
