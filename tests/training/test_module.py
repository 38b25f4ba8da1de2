"""The weighted sum of a pipeline's terms, and what learns."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autodistill.components.students._passes import pool
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.forward import forward
from autodistill.training.signals import SignalRequest
from autodistill.training.trial_data import TrialData
from tests.training.modules import HALF, module_of, student_of


def test_hard_and_logit_terms_add_up_by_their_weights(data: TrialData) -> None:
    module, batch = module_of(data, Term(Part("ce"), 0.25), Term(Part("mse_centred"), 0.75))

    total = module.training_step(batch, 0).item()

    logits = forward(module.student, batch, states=False)[0].detach()
    assert batch.teacher_logits is not None
    hard = nn.functional.cross_entropy(logits, batch.labels).item()
    soft = families.build("losses", "mse_centred", {})(
        logits, batch.teacher_logits, batch.labels
    ).item()
    assert total == pytest.approx(0.25 * hard + 0.75 * soft, rel=1e-5)
    assert module.terms.scales == {}


def test_a_feature_term_weighs_as_many_hard_losses_at_step_zero_as_its_weight_says(
    data: TrialData,
) -> None:
    module, batch = module_of(data, Term(Part("ce"), 1.0), Term(Part("mse"), 0.5, Part("skip")))

    total = module.training_step(batch, 0).item()

    # the scale is hard / feature, so the feature term is .5 * hard whatever the features are
    hard = nn.functional.cross_entropy(
        forward(module.student, batch, states=False)[0], batch.labels
    ).item()
    assert total == pytest.approx(1.5 * hard, rel=1e-5)


def test_the_scale_is_the_ratio_by_hand_and_stays(data: TrialData) -> None:
    module, batch = module_of(data, Term(Part("ce"), 1.0), Term(Part("mse"), 0.5, Part("skip")))
    module.training_step(batch, 0)
    logits, pooled = forward(module.student, batch, states=True)
    hard = nn.functional.cross_entropy(logits, batch.labels).item()
    # one student layer, two of the teacher: skip pairs the embeddings and the last layers
    values = [
        ((pooled[i] - batch.teacher_pooled[j]) ** 2).mean().item() for i, j in ((0, 0), (1, 2))
    ]
    fixed = dict(module.terms.scales)
    assert fixed == {1: pytest.approx(hard / (sum(values) / 2), rel=1e-4)}

    module.student.classifier.weight.data *= 3
    total = module.training_step(batch, 1).item()

    assert module.terms.scales == fixed
    later = nn.functional.cross_entropy(
        forward(module.student, batch, states=False)[0], batch.labels
    ).item()
    assert total == pytest.approx(later + 0.5 * fixed[1] * sum(values) / 2, rel=1e-4)


def test_mutual_information_is_not_rescaled(data: TrialData, pipeline: Pipeline) -> None:
    module, batch = module_of(data, *pipeline.terms)

    module.training_step(batch, 0)

    assert module.terms.scales == {}


def test_teacher_layers_are_those_that_the_mapping_looks_at(data: TrialData) -> None:
    assert module_of(data, Term(Part("mse"), 1.0, Part("skip")))[0].terms.wanted == SignalRequest(
        (0, 2)
    )
    assert module_of(data, Term(Part("mse"), 1.0, Part("last")))[0].terms.wanted == SignalRequest(
        (1, 2)
    )
    assert module_of(data, Term(Part("ce"), 1.0))[0].terms.wanted == SignalRequest()


def test_a_loss_with_a_head_of_its_own_looks_at_that_head_and_trains_it(data: TrialData) -> None:
    module, batch = module_of(
        data, Term(Part("ce"), 0.5), Term(Part("log_cosh", {"temperature": 2.0}), 0.5)
    )

    total = module.training_step(batch, 0)
    torch.autograd.backward(total)

    logits, pooled = forward(module.student, batch, states=True)
    second = module.terms.heads["1"](pooled[-1])
    assert batch.teacher_logits is not None
    own = families.build("losses", "log_cosh", {"temperature": 2.0})(
        second, batch.teacher_logits, batch.labels
    ).item()
    assert total.item() == pytest.approx(
        0.5 * nn.functional.cross_entropy(logits, batch.labels).item() + 0.5 * own, rel=1e-5
    )
    slope = module.terms.heads["1"].weight.grad
    assert isinstance(slope, Tensor)
    assert (slope != 0).any()
    assert id(module.terms.heads["1"].weight) in {
        id(p) for g in module.configure_optimizers()["optimizer"].param_groups for p in g["params"]
    }
    assert set(module.student.state_dict()) == set(student_of(data, HALF).state_dict())


def test_a_hard_loss_with_a_head_of_its_own_looks_at_a_middle_layer_beside_the_students_logits(
    data: TrialData,
) -> None:
    module, batch = module_of(
        data, Term(Part("uskd", {"mu": 1.0}), 1.0), student=Part("cut", {"keep": 1.0})
    )

    total = module.training_step(batch, 0).item()

    logits, pooled = forward(module.student, batch, states=True)
    assert len(pooled) == 3
    wanted = families.build("losses", "uskd", {"mu": 1.0})(
        logits, batch.labels, module.terms.heads["0"](pooled[1])
    ).item()
    assert total == pytest.approx(wanted, rel=1e-5)


def test_only_an_aligned_term_is_set_aside(data: TrialData) -> None:
    for align in (False, True):
        module, batch = module_of(
            data, Term(Part("ce"), 0.5), Term(Part("log_cosh", {"align": align}), 0.5)
        )
        total = module.training_step(batch, 0)
        logits, pooled = forward(module.student, batch, states=True)
        assert batch.teacher_logits is not None
        second = (
            0.5
            * module.terms.parts[1](
                module.terms.heads["1"](pooled[-1]), batch.teacher_logits, batch.labels
            ).item()
        )

        assert (None if module.aside is None else module.aside.item()) == (
            pytest.approx(second, rel=1e-5) if align else None
        )
        assert total.item() == pytest.approx(
            0.5 * nn.functional.cross_entropy(logits, batch.labels).item() + second, rel=1e-5
        )


def test_parts_of_classes_are_learned_from_the_recorded_states_before_the_first_step(
    data: TrialData,
) -> None:
    module, batch = module_of(data, Term(Part("ce"), 0.5), Term(Part("lelp", {"parts": 2}), 0.5))
    shard = data.shards["trimmed"].open()
    module.learn(shard, np.arange(64))

    total = module.training_step(batch, 0)

    assert module.terms.wanted == SignalRequest((2,))
    assert module.terms.heads["1"].out_features == 4
    logits, pooled = forward(module.student, batch, states=True)
    loss: Any = families.build("losses", "lelp", {"parts": 2})
    assert shard.signals is not None
    assert batch.teacher_logits is not None
    states = torch.from_numpy(shard.signals.pooled[2][:64].astype(np.float32))
    loss.learn(states, torch.tensor(shard.signals.logits[:64]), torch.from_numpy(shard.labels[:64]))
    wanted = loss(
        module.terms.heads["1"](pooled[-1]),
        loss.expanded(batch.teacher_logits, batch.teacher_pooled[2]),
        batch.labels,
    )
    assert total.item() == pytest.approx(
        0.5 * nn.functional.cross_entropy(logits, batch.labels).item() + 0.5 * wanted.item(),
        rel=1e-5,
    )


def test_the_critic_learns_but_is_no_part_of_the_student(
    data: TrialData, pipeline: Pipeline
) -> None:
    module, _ = module_of(data, *pipeline.terms)

    optimizer = module.configure_optimizers()["optimizer"]

    learning = {id(p) for g in optimizer.param_groups for p in g["params"]}
    critics = [p for n, p in module.named_parameters() if n.startswith("terms.parts.")]
    # two pairs of layers, each with two towers and a baseline of three linear maps:
    # 2 * 3 * 3 * (weight and bias)
    assert len(critics) == 36
    assert all(id(p) in learning for p in critics)
    assert set(module.student.state_dict()) == set(student_of(data, pipeline.student).state_dict())
    assert id(module.student.get_input_embeddings().weight) not in learning
    assert id(module.student.classifier.weight) in learning


def test_a_narrower_student_is_projected_for_losses_that_need_equal_widths(data: TrialData) -> None:
    part = Part("scratch", {"layers": 1, "width": 64})
    module, batch = module_of(
        data, Term(Part("ce"), 1.0), Term(Part("mse"), 1.0, Part("last")), student=part
    )

    shapes = [
        tuple(p.shape) for n, p in module.terms.parts.named_parameters() if n.endswith("weight")
    ]

    assert shapes == [(32, 64), (32, 64)]
    assert torch.isfinite(module.training_step(batch, 0))


def test_gradients_reach_the_student_and_the_critic(data: TrialData, pipeline: Pipeline) -> None:
    module, batch = module_of(data, *pipeline.terms)

    torch.autograd.backward(module.training_step(batch, 0))

    silent = [
        n
        for n, p in module.named_parameters()
        if p.requires_grad and (p.grad is None or not p.grad.abs().sum() > 0)
    ]
    # a softmax over the batch does not see the last bias of a tower,
    # nor attention the bias of its keys
    assert [n for n in silent if "key.bias" not in n and not n.endswith("tower.4.bias")] == []


def test_the_mean_leaves_padding_out() -> None:
    hidden = torch.tensor([[[1.0, 10.0], [3.0, 30.0], [99.0, 99.0]]])

    assert pool(hidden, torch.tensor([[1, 1, 0]])).tolist() == [[2.0, 20.0]]


def test_a_deeper_student_than_its_teacher_is_refused_with_the_numbers() -> None:
    from autodistill.training.feature_terms import Matched

    with pytest.raises(
        ValueError, match="a student of 3 layers cannot be mapped to a teacher of 2; give"
    ):
        Matched(Term(Part("mse"), 1.0, Part("skip")), Shapes(3, 32, 2, 32))
