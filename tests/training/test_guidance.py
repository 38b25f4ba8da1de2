"""Targets, weights of rows and schedules inside a training step."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses.kl import KL
from autodistill.components.losses.mse_centred import CentredMSE
from autodistill.components.targets.label_revision import LabelRevision
from autodistill.components.weightings.correct_only import CorrectOnly
from autodistill.components.weightings.wsld import WSLD
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import Batch
from autodistill.training.forward import forward
from autodistill.training.guidance import Guidance
from autodistill.training.module import Distill
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.modules import module_of

CE, LOGIT = Term(Part("ce"), 0.25), Term(Part("kl", {"temperature": 4.0}), 0.75)
FEATURE = Term(Part("mse"), 2.0, Part("last"))
BARE = Pipeline(Part("cut", {"keep": 0.5}), (CE, LOGIT), Part("adamw", {"lr": 1e-3, "batch": 32}))


def guided(
    data: TrialData, monkeypatch: pytest.MonkeyPatch, *terms: Term, step: int = 0, **stages: Any
) -> tuple[float, Tensor, Batch]:
    """The loss of this step of ten under these stages; the student's logits and the batch."""
    module, batch = module_of(data, *terms)
    module.guidance = Guidance.of(BARE.with_stages(**stages))
    monkeypatch.setattr(Distill, "global_step", property(lambda _: step))
    assert batch.teacher_logits is not None
    return (
        module.training_step(batch, 0).item(),
        forward(module.student, batch, states=False)[0].detach(),
        batch,
    )


def soft(logits: Tensor, batch: Batch, temperature: float = 4.0) -> float:
    """The plain logit loss."""
    assert batch.teacher_logits is not None
    value: Tensor = KL(temperature=temperature)(logits, batch.teacher_logits, batch.labels)
    return value.item()


def test_without_stages_it_is_the_weighted_sum(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, logits, batch = guided(data, monkeypatch, CE, LOGIT)

    assert total == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * soft(logits, batch), rel=1e-5
    )


def test_a_target_takes_the_place_of_the_teachers_logits(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, logits, batch = guided(
        data, monkeypatch, CE, LOGIT, target=Part("label_revision", {"eta": 0.6})
    )

    assert batch.teacher_logits is not None
    revised = replace(
        batch, teacher_logits=LabelRevision(eta=0.6).revise(batch.teacher_logits, batch.labels)
    )
    assert total == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * soft(logits, revised), rel=1e-5
    )
    assert soft(logits, revised) != pytest.approx(soft(logits, batch), rel=1e-3)


def test_a_weighting_weighs_the_rows_of_the_logit_loss_alone(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, logits, batch = guided(data, monkeypatch, CE, LOGIT, weighting=Part("confidence"))

    assert batch.teacher_logits is not None
    weights = batch.teacher_logits.softmax(-1).gather(1, batch.labels.unsqueeze(1)).squeeze(1)
    rows = KL(temperature=4.0).rows(logits, batch.teacher_logits, batch.labels)
    assert total == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * (weights * rows).mean().item(),
        rel=1e-5,
    )


def test_rows_are_weighed_by_the_students_own_answers_also_where_the_loss_has_a_second_head(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Tensor] = []

    def watched(self: WSLD, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        seen.append(student)
        return torch.ones(len(labels))

    monkeypatch.setattr(WSLD, "weights", watched)

    _, logits, _ = guided(
        data, monkeypatch, CE, Term(Part("log_cosh"), 0.75), weighting=Part("wsld")
    )

    assert len(seen) == 1
    torch.testing.assert_close(seen[0], logits)


def test_rows_that_weigh_nothing_leave_the_student_where_the_labels_put_it() -> None:
    teacher, labels = torch.tensor([[3.0, 0.0], [3.0, 0.0]]), torch.tensor([0, 1])
    student = torch.randn(2, 2, requires_grad=True)

    CentredMSE()(
        student, teacher, labels, CorrectOnly().weights(student, teacher, labels)
    ).backward()

    assert student.grad is not None
    assert (student.grad[0] != 0).all()
    assert (student.grad[1] == 0).all()


def test_what_the_logit_loss_loses_the_hard_loss_gains(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, logits, batch = guided(data, monkeypatch, CE, LOGIT, step=4, schedule=Part("decay"))

    # four of ten steps done: 0.6 of 0.75 is left to the logit loss
    assert total == pytest.approx(
        0.55 * F.cross_entropy(logits, batch.labels).item() + 0.45 * soft(logits, batch), rel=1e-5
    )


def test_a_temperature_falls_on_its_way_and_is_its_own_again_in_the_next_step(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, logits, batch = guided(data, monkeypatch, CE, LOGIT, step=5, schedule=Part("anneal"))

    assert total == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * soft(logits, batch, 2.5),
        rel=1e-5,
    )

    module, batch = module_of(data, CE, LOGIT)
    module.guidance = Guidance.of(BARE.with_stages(schedule=Part("anneal")))
    losses = []
    for step in (5, 0):
        monkeypatch.setattr(Distill, "global_step", step)
        losses.append(module.training_step(batch, 0).item())
    assert losses[0] == pytest.approx(total)
    assert losses[1] == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * soft(logits, batch), rel=1e-5
    )


def test_features_alone_come_first_and_keep_the_scale_of_step_zero(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = {"schedule": Part("two_stage", {"share": 0.5})}

    first, logits, batch = guided(data, monkeypatch, CE, LOGIT, FEATURE, step=0, **stages)
    later, *_ = guided(data, monkeypatch, CE, LOGIT, FEATURE, step=5, **stages)

    hard = F.cross_entropy(logits, batch.labels).item()
    assert first == pytest.approx(
        2.0 * hard, rel=1e-5
    )  # a feature term weighs as many hard losses as its weight says
    assert later == pytest.approx(0.25 * hard + 0.75 * soft(logits, batch), rel=1e-5)


def test_annealing_leaves_alone_what_a_loss_merely_calls_a_temperature(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KL, "cools", False)
    module, batch = module_of(data, CE, LOGIT)
    module.guidance = Guidance.of(BARE.with_stages(schedule=Part("anneal")))
    monkeypatch.setattr(Distill, "global_step", 5)

    module.training_step(batch, 0)

    assert module.terms.parts[1].temperature == LOGIT.loss.knobs["temperature"]


def test_annealing_shrinks_the_teachers_logits(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = Term(Part("mse_centred"), 0.75)
    total, logits, batch = guided(
        data, monkeypatch, CE, square, schedule=Part("annealing_kd", {"levels": 4, "share": 0.5})
    )

    assert batch.teacher_logits is not None
    small = CentredMSE()(logits, batch.teacher_logits / 4, batch.labels).item()
    assert total == pytest.approx(
        0.25 * F.cross_entropy(logits, batch.labels).item() + 0.75 * small, rel=1e-5
    )


def test_a_schedule_that_listens_hears_of_every_step(
    data: TrialData, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, batch = module_of(data, CE, LOGIT)
    module.guidance = Guidance.of(BARE.with_stages(schedule=Part("balance", {"rate": 0.1})))
    losses = []
    for step in (0, 1):
        monkeypatch.setattr(Distill, "global_step", step)
        losses.append(module.training_step(batch, 0).item())

    # nothing was learned in between: a tenth of the way from 3/4 and 1/4 to one half each
    logits = forward(module.student, batch, states=False)[0].detach()
    hard = F.cross_entropy(logits, batch.labels).item()
    assert losses == pytest.approx(
        [0.25 * hard + 0.75 * soft(logits, batch), 0.275 * hard + 0.725 * soft(logits, batch)],
        rel=1e-5,
    )


def test_a_run_with_all_three_stages_trains_otherwise_than_one_without(data: TrialData) -> None:
    stages: dict[str, Any] = {
        "target": Part("swap"),
        "weighting": Part("wsld"),
        "schedule": Part("warm_up", {"share": 0.3}),
    }
    scores = []
    for pipeline in (BARE, BARE.with_stages(**stages)):
        found = run_trial(data, TrialSpec(0, pipeline, 0, 64, 2), never)
        assert found.status == "complete"
        scores.append(found.metrics["cross_entropy"])

    assert all(map(math.isfinite, scores))
    assert scores[0] != scores[1]
