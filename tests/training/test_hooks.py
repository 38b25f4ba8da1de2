"""Stages that act while a student trains are called at their moments."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from autodistill.components.hooks import Hook
from autodistill.components.regularizers.int8_grid import rounded
from autodistill.study.pipeline import Part, Pipeline
from autodistill.training import assemble, judge
from autodistill.training.full import train_in_full
from autodistill.training.predictions import predict
from autodistill.training.rungs import never
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


def test_what_a_hook_does_at_the_end_is_done_to_averaged_weights(
    data: TrialData, pipeline: Pipeline
) -> None:
    rounding = pipeline.with_stages(regularizer=Part("int8_grid", {"onset": 0.0}))

    trained = train_in_full(data, rounding, epochs=4, seed=0, tick=lambda *_: None)

    for _, weight, nearest in rounded(trained.network):
        torch.testing.assert_close(nearest(weight), weight, rtol=1e-6, atol=1e-9)


def test_a_trial_is_scored_with_the_weights_of_its_int8_file(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[float] = []

    def look(network: nn.Module, *args: Any, **kwargs: Any) -> Any:
        gaps = [float((nearest(w) - w).abs().max()) for _, w, nearest in rounded(network)]
        scored.append(max(gaps))
        return predict(network, *args, **kwargs)

    monkeypatch.setattr(judge, "predict", look)
    rounding = pipeline.with_stages(regularizer=Part("int8_grid", {"onset": 0.0}))

    run_trial(data, TrialSpec(0, rounding, 0, 64, 2), never)
    run_trial(data, TrialSpec(0, pipeline, 0, 64, 2), never)

    assert max(scored[:3]) < 1e-6 < min(scored[3:])
