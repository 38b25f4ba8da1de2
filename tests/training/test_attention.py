"""Which attention trains, and that scores and the network afterwards have their own."""

from typing import Any

import numpy as np
import pytest
import torch

from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.study.pipeline import Part, Term
from autodistill.training import judge
from autodistill.training.attention import attention, training_attention
from autodistill.training.batches import load_batch
from autodistill.training.fit import fit
from autodistill.training.fit_plan import FitPlan
from autodistill.training.module import Distill
from autodistill.training.predictions import predict
from autodistill.training.rungs import never
from autodistill.training.shapes import shapes_of
from autodistill.training.trial_data import TrialData

HALF = Device(precision="bfloat16")


@pytest.fixture
def network(data: TrialData) -> Any:
    """A student cut from the tiny teacher."""
    return families.build("students", "cut", {"keep": 0.5}).build(
        data.backbone, data.vocabularies["trimmed"]
    )


def test_only_bfloat16_and_short_rows_train_step_by_step(network: Any) -> None:
    short, long = np.array([3, 250]), np.array([120, 140])

    assert training_attention(network, short, HALF) == "eager"
    assert training_attention(network, long, HALF) == "sdpa"
    assert training_attention(network, short, CPU) == "sdpa"
    network.set_attn_implementation("flex_attention")
    assert training_attention(network, short, HALF) == "flex_attention"


@pytest.mark.parametrize(("device", "trained"), [(HALF, "eager"), (CPU, "sdpa")])
def test_scores_and_the_trained_network_have_the_networks_own(
    network: Any, data: TrialData, monkeypatch: pytest.MonkeyPatch, device: Device, trained: str
) -> None:
    seen: dict[str, set[str]] = {"step": set(), "score": set()}
    step, score = Distill.training_step, predict

    def spy_step(module: Any, *rest: Any) -> Any:
        seen["step"].add(module.student.config._attn_implementation)
        return step(module, *rest)

    def spy_score(student: Any, *rest: Any, **more: Any) -> Any:
        seen["score"].add(student.config._attn_implementation)
        return score(student, *rest, **more)

    monkeypatch.setattr(Distill, "training_step", spy_step)
    monkeypatch.setattr(judge, "predict", spy_score)
    shard = data.shards["trimmed"].open()
    terms, optimizer = (Term(Part("ce"), 1.0),), Part("adamw", {"batch": 16})
    rows, selection = np.arange(64), np.arange(64, 96)
    plan = FitPlan(
        terms,
        optimizer,
        shapes_of(network, shard),
        rows,
        selection,
        epochs=1,
        seed=0,
        metric="accuracy",
        device=device,
    )

    result = fit(network, shard, plan, never)

    assert seen == {"step": {trained}, "score": {"sdpa"}}
    assert network.config._attn_implementation == "sdpa"
    np.testing.assert_array_equal(result.logits, predict(network, shard, selection, device=device))


def test_both_kinds_agree_up_to_rounding_and_the_own_one_comes_back_after_an_error(
    network: Any, data: TrialData
) -> None:
    shard, rows = data.shards["trimmed"].open(), np.arange(32)
    fused = predict(network, shard, rows)

    with attention(network, "eager"):
        stepwise = predict(network, shard, rows)
    with pytest.raises(ValueError, match="within"), attention(network, "eager"):
        raise ValueError("within")

    np.testing.assert_allclose(stepwise, fused, atol=1e-5)
    assert network.config._attn_implementation == "sdpa"


def test_the_steps_of_both_kinds_agree_up_to_rounding(network: Any, data: TrialData) -> None:
    batch = load_batch(data.shards["trimmed"].open(), np.arange(16))
    gradients = []
    for kind in ("sdpa", "eager"):
        network.zero_grad()
        with attention(network, kind):
            logits = network(
                input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types
            ).logits
        torch.autograd.backward(torch.nn.functional.cross_entropy(logits, batch.labels))
        gradients.append([p.grad.clone() for p in network.parameters() if p.grad is not None])

    for fused, stepwise in zip(*gradients):
        torch.testing.assert_close(stepwise, fused, atol=1e-6, rtol=1e-4)
