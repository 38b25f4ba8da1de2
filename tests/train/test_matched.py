"""Feature losses over the layers that a mapping pairs, in a real training step."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from autodistill import family
from autodistill.pipeline import Part, Pipeline, Term
from autodistill.train.data import load_batch
from autodistill.train.fit import never
from autodistill.train.trial import Ticket, TrialData, run_trial
from tests.train.test_module import module_of

FEATURES = [n for n in family.names("losses") if family.card("losses", n).facts["kind"] == "feature"]


def pipeline_of(loss: str, mapping: str = "skip") -> Pipeline:
    """Cross-entropy and one feature term."""
    terms = (Term(Part("ce"), 1.0), Term(Part(loss), 0.5, Part(mapping)))
    return Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-3, "batch": 32}))


@pytest.mark.parametrize("loss", FEATURES)
def test_what_stands_in_padding_and_the_order_of_rows_do_not_matter(data: TrialData, loss: str) -> None:
    module, batch = module_of(data, *pipeline_of(loss).terms)
    shard = data.shards["trimmed"].open()
    module.learn(shard, np.arange(64))
    before = module.training_step(batch, 0).item()

    other = replace(batch, ids=torch.where(batch.mask.bool(), batch.ids, 5))
    turned = load_batch(shard, np.array([3, 0, 5, 1, 7, 2, 4, 6]), module.teacher_layers)

    assert not torch.equal(other.ids, batch.ids)
    assert module.training_step(other, 0).item() == pytest.approx(before, rel=1e-3)
    assert module.training_step(turned, 0).item() == pytest.approx(before, rel=1e-3)


@pytest.mark.parametrize("loss", FEATURES)
@pytest.mark.parametrize("mapping", family.names("mappings"))
def test_every_feature_trains_under_every_mapping(data: TrialData, loss: str, mapping: str) -> None:
    found = run_trial(data, Ticket(0, pipeline_of(loss, mapping), 0, 64, 2), never)

    assert found["status"] == "complete"
    assert np.isfinite(found["metrics"]["cross_entropy"])


def test_what_a_loss_learns_of_the_teacher_is_of_its_own_layer_and_the_rows_that_are_trained_on(data: TrialData) -> None:
    module, _ = module_of(data, *pipeline_of("nd").terms)
    shard, rows = data.shards["trimmed"].open(), np.arange(40)

    module.learn(shard, rows)

    assert shard.signals is not None
    for (_, layer), loss in zip(module.parts[1].pairs, module.parts[1].losses):
        states = shard.signals.pooled[layer][rows].astype(np.float32)
        means = np.stack([states[shard.labels[rows] == c].mean(0) for c in (0, 1)])
        np.testing.assert_allclose(loss.directions, means / np.linalg.norm(means, axis=1, keepdims=True), rtol=1e-4, atol=1e-6)


def test_a_weighed_pair_counts_by_its_weight(data: TrialData) -> None:
    module, batch = module_of(data, Term(Part("ce"), 1.0), Term(Part("mse"), 0.5, Part("topk_nearest")))
    shown = module.student(input_ids=batch.ids, attention_mask=batch.mask, output_hidden_states=True)
    weight = batch.mask.unsqueeze(-1)
    pooled = [(h * weight).sum(1) / weight.sum(1) for h in shown.hidden_states]

    value = module.parts[1](pooled, batch.teacher_pooled, batch.labels)

    # one student layer, two of the teacher's: the nearer one counts
    distances = [(pooled[1] - batch.teacher_pooled[j]).square().mean().item() for j in (1, 2)]
    assert value.item() == pytest.approx(min(distances), rel=1e-4)
