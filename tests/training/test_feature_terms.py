"""Feature losses over the layers that a mapping pairs, in a real training step."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import Batch, load_batch
from autodistill.training.forward import show
from autodistill.training.module import Distill
from autodistill.training.rungs import never
from autodistill.training.shapes import shapes_of
from autodistill.training.signals import SignalRequest
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.modules import module_of, student_of

FEATURES = [
    n for n in families.names("losses") if families.card("losses", n).traits["kind"] == "feature"
]


def pipeline_of(loss: str, mapping: str = "skip") -> Pipeline:
    """Cross-entropy and one feature term."""
    terms = (Term(Part("ce"), 1.0), Term(Part(loss), 0.5, Part(mapping)))
    return Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-3, "batch": 32}))


def step(module: Distill, batch: Batch) -> float:
    """The value of one step with the same draws each time.

    What a loss remembers is remembered in a copy.
    """
    torch.manual_seed(0)
    return copy.deepcopy(module).training_step(batch, 0).item()


@pytest.mark.parametrize("loss", FEATURES)
def test_what_stands_in_padding_and_the_order_of_rows_do_not_matter(
    data: TrialData, loss: str
) -> None:
    module, batch = module_of(data, *pipeline_of(loss).terms)
    shard = data.shards["trimmed"].open()
    module.learn(shard, np.arange(64))
    before = step(module, batch)

    other = replace(batch, ids=torch.where(batch.mask.bool(), batch.ids, 5))
    turned = load_batch(shard, np.array([3, 0, 5, 1, 7, 2, 4, 6]), module.recorded)

    assert not torch.equal(other.ids, batch.ids)
    assert step(module, other) == pytest.approx(before, rel=1e-3)
    assert step(module, turned) == pytest.approx(before, rel=1e-3)


@pytest.mark.parametrize("loss", FEATURES)
@pytest.mark.parametrize("mapping", families.names("mappings"))
def test_every_feature_trains_under_every_mapping(data: TrialData, loss: str, mapping: str) -> None:
    found = run_trial(data, TrialSpec(0, pipeline_of(loss, mapping), 0, 64, 2), never)

    assert found.status == "complete"
    assert np.isfinite(found.metrics["cross_entropy"])


def test_what_a_loss_learns_of_the_teacher_is_of_its_own_layer_and_the_rows_that_are_trained_on(
    data: TrialData,
) -> None:
    module, _ = module_of(data, *pipeline_of("nd").terms)
    shard, rows = data.shards["trimmed"].open(), np.arange(40)

    module.learn(shard, rows)

    assert shard.signals is not None
    part: Any = module.terms.parts[1]
    for (_, layer), loss in zip(part.pairs, part.losses):
        states = shard.signals.pooled[layer][rows].astype(np.float32)
        means = np.stack([states[shard.labels[rows] == c].mean(0) for c in (0, 1)])
        np.testing.assert_allclose(
            loss.directions,
            means / np.linalg.norm(means, axis=1, keepdims=True),
            rtol=1e-4,
            atol=1e-6,
        )


def test_a_weighed_pair_counts_by_its_weight(data: TrialData) -> None:
    module, batch = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("mse"), 0.5, Part("topk_nearest"))
    )
    shown = show(module.student, batch, states=True)

    value = module.terms.parts[1](shown, batch)

    # one student layer, two of the teacher's: the nearer one counts
    distances = [(shown.pooled[1] - batch.teacher_pooled[j]).square().mean().item() for j in (1, 2)]
    assert value.item() == pytest.approx(min(distances), rel=1e-4)


def test_every_token_is_a_row_of_its_own(data: TrialData) -> None:
    module, batch = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("mse", {"on": "tokens"}), 0.5, Part("last_only"))
    )
    assert module.live is not None
    batch = module.live.read(batch, module.terms.wanted)
    shown = show(module.student, batch, states=False, tokens=True)

    value = module.terms.parts[1](shown, batch)

    gap = (shown.tokens[1] - batch.teacher_tokens[2]).square().mean(2)
    assert value.item() == pytest.approx(
        (gap * batch.mask).sum().item() / batch.mask.sum().item(), rel=1e-4
    )


def test_a_row_that_the_teacher_reads_as_other_tokens_is_left_out(data: TrialData) -> None:
    module, batch = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("mse", {"on": "tokens"}), 0.5, Part("last_only"))
    )
    assert module.live is not None
    batch = module.live.read(batch, module.terms.wanted)
    shown = show(module.student, batch, states=False, tokens=True)
    aligned = torch.tensor([1, 0, 1, 1, 1, 1, 1, 1])
    wrong = {2: batch.teacher_tokens[2] + 100 * (1 - aligned[:, None, None])}

    value = module.terms.parts[1](shown, replace(batch, teacher_tokens=wrong, aligned=aligned))

    gap, mask = (
        (shown.tokens[1] - batch.teacher_tokens[2]).square().mean(2),
        batch.mask * aligned.unsqueeze(1),
    )
    assert value.item() == pytest.approx((gap * mask).sum().item() / mask.sum().item(), rel=1e-4)


def test_a_flow_is_between_the_layer_below_and_what_it_looks_at(data: TrialData) -> None:
    module, _ = module_of(data, Term(Part("ce"), 1.0), Term(Part("fsp"), 0.5, Part("skip")))

    assert module.terms.matched[0].pairs == ((1, 2),)
    assert module.terms.matched[0].below == {(1, 2): ((0, 0),)}
    assert module.terms.wanted == SignalRequest(tokens=(0, 2))


def test_attention_is_counted_from_the_first_layer(data: TrialData) -> None:
    module, _ = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("attention_mse"), 0.5, Part("skip"))
    )

    assert module.terms.matched[0].pairs == ((0, 1),)
    assert module.terms.wanted == SignalRequest(projections=(1,))
    assert module.terms.attention == {0}


@pytest.mark.parametrize("connector", families.names("connectors"))
@pytest.mark.parametrize("on", ["pooled", "tokens"])
@pytest.mark.parametrize("width", [32, 64])
def test_every_connector_joins_equal_and_other_widths(
    data: TrialData, connector: str, on: str, width: int
) -> None:
    student = (
        Part("cut", {"keep": 0.5})
        if width == 32
        else Part("scratch", {"layers": 1, "width": 64, "heads": 4})
    )
    term = Term(Part("mse", {"on": on}), 0.5, Part("skip"), Part(connector))
    made = Pipeline(
        student, (Term(Part("ce"), 1.0), term), Part("adamw", {"lr": 1e-3, "batch": 32})
    )

    found = run_trial(data, TrialSpec(0, made, 0, 64, 1), never)

    assert found.status == "complete"


def test_a_critics_own_rate_is_a_multiple_of_the_students(data: TrialData) -> None:
    module, _ = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("mi_alpha", {"rate": 5.0}), 0.5, Part("skip"))
    )

    groups = module.configure_optimizers()["optimizer"].param_groups

    critic = {id(p) for p in module.terms.parts.parameters()}
    own = next(p for p in module.student.parameters() if p.requires_grad)
    rate = next(g["initial_lr"] for g in groups if any(p is own for p in g["params"]))
    assert {g["initial_lr"] for g in groups if {id(p) for p in g["params"]} & critic} == {5 * rate}
    assert all({id(p) for p in g["params"]} <= critic for g in groups if g["initial_lr"] != rate)


def test_a_map_that_chooses_is_told_how_the_teachers_states_spread(data: TrialData) -> None:
    network, shard = student_of(data, Part("cut", {"keep": 0.5})), data.shards["trimmed"].open()

    plain, asked = (
        shapes_of(network, shard, [Term(Part("mse"), 1.0, Part(n))]).spectrum
        for n in ("skip", "spectral")
    )

    assert plain == ()
    assert len(asked) == 3
