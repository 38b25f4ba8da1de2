"""A training whose memory does not suffice, and batches that are taken in parts."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from autodistill.components.companions.ema import EMA
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training import assemble, module
from autodistill.training.batches import Batch
from autodistill.training.forward import show
from autodistill.training.full import train_in_full
from autodistill.training.micro_batches import MicroBatches
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.test_hooks import Recorder

ROWS, TOO_FEW = 32, 20
"""Rows of a batch, and rows for which memory suffices although it does not for that."""
KL = Pipeline(
    Part("cut", {"keep": 0.5, "dropout": 0.0}),
    (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5)),
    Part("adamw", {"lr": 1e-3, "batch": ROWS}),
)
SPEC = TrialSpec(0, KL, 0, 64, 2)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of rows of a step that memory suffices for."""
    most = [100 * ROWS]

    def shown(student: Any, batch: Any, *args: Any, **kwargs: Any) -> Any:
        if len(batch.labels) > most[0]:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return show(student, batch, *args, **kwargs)

    monkeypatch.setattr(module, "show", shown)
    return most


def test_a_trial_that_runs_out_of_memory_ends_as_if_there_had_been_enough(
    data: TrialData, memory: list[int]
) -> None:
    enough = run_trial(data, SPEC, never)
    memory[0] = TOO_FEW

    found = run_trial(data, SPEC, never)

    assert (enough.cost.get("micro_batches"), found.cost["micro_batches"]) == (None, 2)
    assert found.status == "complete"
    assert found.metrics["cross_entropy"] == pytest.approx(
        enough.metrics["cross_entropy"], rel=1e-4
    )


def test_a_rung_is_reported_once_though_memory_ran_out_after_it(
    data: TrialData, memory: list[int]
) -> None:
    told: list[int] = []

    def report(rung: int, _: float) -> bool:
        told.append(rung)
        memory[0] = TOO_FEW
        return False

    found = run_trial(data, SPEC, report)

    assert found.cost["micro_batches"] == 2
    assert told == [1, 2, 4]


def test_a_trial_whose_halves_do_not_fit_either_says_so(data: TrialData, memory: list[int]) -> None:
    memory[0] = 1

    with pytest.raises(RuntimeError, match="out of memory"):
        run_trial(data, SPEC, never)


def test_another_error_is_not_tried_again(data: TrialData, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def broken(*_: Any, **__: Any) -> Any:
        calls.append(1)
        raise ValueError("no such thing")

    monkeypatch.setattr(module, "show", broken)

    with pytest.raises(ValueError, match="no such thing"):
        run_trial(data, SPEC, never)
    assert len(calls) == 1


def test_a_full_training_goes_on_in_halves(data: TrialData, memory: list[int]) -> None:
    memory[0] = TOO_FEW

    trained = train_in_full(data, KL, epochs=1, seed=0, tick=lambda *_: None)

    assert trained.seconds > 0


def test_what_follows_a_step_follows_it_once(
    data: TrialData, memory: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    recorder = Recorder()
    monkeypatch.setattr(assemble, "hooks_of", lambda _: (recorder,))
    monkeypatch.setattr(EMA, "after_step", lambda *_: steps.append("average"))
    memory[0] = TOO_FEW

    run_trial(data, replace(SPEC, pipeline=KL.with_stages(companion=Part("ema"))), never)

    assert len(steps) == 4
    assert sum(call.startswith("after") for call in recorder.calls) == 4


@pytest.mark.parametrize("count", [1, 2, 5])
def test_parts_hold_each_row_once_and_weigh_as_the_whole(count: int) -> None:
    ids = torch.arange(3 * count).view(count, 3)
    each = torch.randn(2, count, 4)
    whole = Batch(ids, ids, ids, ids[:, 0], ids.float(), {2: ids.float()}, 0.5, teacher_each=each)

    parts = list(MicroBatches([whole], 2))

    assert len(parts) == 2
    assert sum(p.weight for p in parts) / len(parts) == pytest.approx(whole.weight)
    held = [p for p in parts if p.weight]
    assert torch.equal(torch.cat([p.ids for p in held]), whole.ids)
    assert torch.equal(torch.cat([p.teacher_pooled[2] for p in held]), whole.teacher_pooled[2])
    assert torch.equal(torch.cat([p.teacher_each for p in held], dim=1), each)  # type: ignore[misc]
