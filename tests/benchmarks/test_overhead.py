"""The yardstick does what a trial does, and the figures are complete."""

from typing import Any

import pytest
import torch

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.training import trial
from autodistill.training.fit import fit
from autodistill.training.trial import TrialSpec, run_trial
from benchmarks.by_hand import get_ready, train_by_hand
from benchmarks.materials import default_pipeline
from benchmarks.overhead import breakdown, never, overhead, teacher_layers
from benchmarks.stopwatch import Stopwatch, timed
from tests.benchmarks.conftest import say


@pytest.mark.parametrize("feature", [True, False])
def test_the_loop_by_hand_ends_with_the_weights_of_the_trial(
    workspace: PreparedWorkspace, feature: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = TrialSpec(-1, default_pipeline(workspace, feature=feature), 3, 48, 2)
    networks: list[Any] = []
    real = fit

    def spy(network: Any, *rest: Any) -> Any:
        networks.append(network)
        return real(network, *rest)

    monkeypatch.setattr(trial, "fit", spy)
    found = run_trial(workspace.data, ticket, never)
    ended = train_by_hand(
        workspace.data,
        ticket,
        get_ready(workspace.data, ticket, teacher_layers(workspace.data, ticket)),
    )

    assert found.curve == ended.curve
    assert [rung for rung, _ in ended.curve] == [1, 2, 4]
    ours, theirs = networks[0].state_dict(), ended.network.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_figures_of_some_pairs(workspace: PreparedWorkspace) -> None:
    found = overhead(
        workspace.data, default_pipeline(workspace), rows=48, epochs=1, repeats=3, say=say
    )

    assert found["steps"] == 2
    assert found["same_curve"]
    assert found["ratio_lowest"] <= found["ratio"] <= found["ratio_highest"]
    assert found["by_hand_seconds"] > 0


def test_every_part_of_a_trial_is_timed_and_the_functions_are_put_back(
    workspace: PreparedWorkspace,
) -> None:
    backward = torch.Tensor.backward

    seconds = breakdown(workspace.data, TrialSpec(-1, default_pipeline(workspace), 0, 48, 1))

    parts = {
        "student",
        "data",
        "forward",
        "backward",
        "optimizer",
        "clipping",
        "schedule",
        "evaluation",
        "diagnosis",
        "rest",
    }
    assert seconds.keys() == parts
    assert min(seconds.values()) > 0
    assert torch.Tensor.backward is backward
    assert "step" not in vars(torch.optim.lr_scheduler.LambdaLR)


class Work:
    """Calls that call each other."""

    def outer(self) -> int:
        return self.inner() + 1

    def inner(self) -> int:
        return 1


def test_seconds_of_a_call_inside_another_are_its_own_unless_the_outer_one_is_whole() -> None:
    own, whole = Stopwatch(), Stopwatch(whole=("outer",))

    for watch in (own, whole):
        with timed(watch, (Work, "outer", "outer"), (Work, "inner", "inner")):
            assert Work().outer() == 2

    assert own.seconds.keys() == {"rest", "outer", "inner"}
    assert whole.seconds.keys() == {"rest", "outer"}
    assert not hasattr(Work.outer, "__wrapped__")
