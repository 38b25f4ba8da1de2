"""Weights of rows that are learned from rows held out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.kl import KL
from autodistill.components.weightings.tgeo import TGeo
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import Batch, load_batch
from autodistill.training.forward import forward
from autodistill.training.guidance import Guidance
from autodistill.training.meta_weights import HeldOut, gains, split
from autodistill.training.module import Distill
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.modules import HALF, module_of, student_of

TERMS = (Term(Part("ce"), 0.25), Term(Part("kl", {"temperature": 2.0}), 0.75))


def test_rows_are_split_by_the_seed() -> None:
    rows = np.arange(10, 50)

    train, held = split(rows, 0.1, seed=3)

    assert len(held) == 4
    assert sorted([*train, *held]) == rows.tolist()
    assert (np.diff(train) > 0).all()
    assert np.array_equal(held, split(rows, 0.1, seed=3)[1])
    assert not np.array_equal(held, split(rows, 0.1, seed=4)[1])
    assert [len(part) for part in split(np.array([5]), 0.1, seed=0)] == [1, 0]


def excess(network: Any, batch: Batch) -> torch.Tensor:
    logits = forward(network, batch, states=False)[0]
    assert batch.teacher_logits is not None
    return KL(temperature=2.0).rows(logits, batch.teacher_logits, batch.labels) - F.cross_entropy(
        logits, batch.labels, reduction="none"
    )


def test_what_a_row_gains_is_its_slope_along_the_slope_of_the_held_out_loss(
    data: TrialData,
) -> None:
    network, shard = student_of(data, HALF), data.shards["trimmed"].open()
    batch, held = load_batch(shard, np.arange(6)), load_batch(shard, np.arange(20, 40))
    before = {k: v.clone() for k, v in network.state_dict().items()}

    found = gains(network, lambda some: excess(network, some), batch, held)

    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
    parameters = [p for p in network.parameters() if p.requires_grad]
    slopes = torch.autograd.grad(
        F.cross_entropy(forward(network, held, states=False)[0], held.labels),
        parameters,
        allow_unused=True,
    )
    wanted = []
    for one in excess(network, batch):
        own = torch.autograd.grad(one, parameters, retain_graph=True, allow_unused=True)
        wanted.append(
            sum(
                (a * b).sum().item() for a, b in zip(own, slopes) if a is not None and b is not None
            )
        )
    assert found.tolist() == pytest.approx(wanted, rel=0.02, abs=2e-3)


def test_the_held_out_loss_falls_as_the_gains_foretell(data: TrialData) -> None:
    network, shard = student_of(data, HALF), data.shards["trimmed"].open()
    batch, held = load_batch(shard, np.arange(6)), load_batch(shard, np.arange(20, 40))
    assert batch.teacher_logits is not None
    found = gains(network, lambda some: excess(network, some), batch, held)
    parameters, rate = [p for p in network.parameters() if p.requires_grad], 1e-3
    kept = [p.detach().clone() for p in parameters]

    def held_out_loss(shares: torch.Tensor) -> float:
        """After one step of plain descent in which the teacher has these shares of the rows."""
        assert batch.teacher_logits is not None
        logits = forward(network, batch, states=False)[0]
        soft = KL(temperature=2.0).rows(logits, batch.teacher_logits, batch.labels)
        loss = (
            shares * soft + (1 - shares) * F.cross_entropy(logits, batch.labels, reduction="none")
        ).mean()
        slopes = torch.autograd.grad(loss, parameters, allow_unused=True)
        with torch.no_grad():
            for p, g in zip(parameters, slopes):
                p.sub_(rate * (torch.zeros_like(p) if g is None else g))
            after = F.cross_entropy(
                forward(network, held, states=False)[0].double(), held.labels
            ).item()
            for p, k in zip(parameters, kept):
                p.copy_(k)
        return after

    even = torch.full((6,), 0.5)
    better = torch.where(found > 0, 0.9, 0.1)

    fell = held_out_loss(even) - held_out_loss(better)

    assert fell == pytest.approx(rate * ((better - even) * found).mean().item(), rel=0.1)
    assert fell > 0


def test_label_and_teacher_share_each_row(data: TrialData, monkeypatch: pytest.MonkeyPatch) -> None:
    module, batch = module_of(data, *TERMS)
    module.guidance = Guidance(weighting=TGeo(), share=0.75)
    shares = torch.linspace(0.1, 0.9, 8)
    monkeypatch.setattr(TGeo, "weights", lambda *_: shares / 0.75)

    total = module.training_step(batch, 0).item()

    logits = forward(module.student, batch, states=False)[0]
    assert batch.teacher_logits is not None
    soft = KL(temperature=2.0).rows(logits, batch.teacher_logits, batch.labels)
    hard = F.cross_entropy(logits, batch.labels, reduction="none")
    assert total == pytest.approx((shares * soft + (1 - shares) * hard).mean().item(), rel=1e-5)


def test_it_learns_every_few_steps(data: TrialData, monkeypatch: pytest.MonkeyPatch) -> None:
    module, batch = module_of(data, *TERMS)
    module.guidance = Guidance(weighting=TGeo(every=10), share=0.75)
    shard = data.shards["trimmed"].open()
    module.learn(shard, np.arange(32))
    module.held_out = HeldOut(shard, np.arange(32, 64), 16, seed=0)
    learned: list[int] = []
    for step in range(21):
        monkeypatch.setattr(Distill, "global_step", step)
        monkeypatch.setattr(TGeo, "learn", lambda *_, step=step: learned.append(step))
        module.training_step(batch, 0)

    assert learned == [0, 10, 20]


def test_a_trial_never_trains_on_the_rows_held_out(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()
    own = Distill.training_step

    def step(self: Distill, batch: Batch, index: int) -> torch.Tensor:
        assert batch.rows is not None
        seen.update(batch.rows.tolist())
        return own(self, batch, index)

    monkeypatch.setattr(Distill, "training_step", step)
    made = replace(pipeline, terms=TERMS).with_stages(
        weighting=Part("tgeo", {"held_out": 0.1, "every": 10})
    )

    found = run_trial(data, TrialSpec(0, made, 0, 64, 3), never)

    assert found.status == "complete"
    assert len(seen) == 58
    assert found.score > 0.8
