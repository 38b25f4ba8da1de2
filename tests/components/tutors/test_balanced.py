"""Two balanced teachers: blends and weights by hand, and where they enter a training."""

import math

import pytest
import torch

from autodistill.components.losses.kl import KL
from autodistill.components.tutors.balanced import Balanced, blended
from autodistill.study.pipeline import Part
from autodistill.training.batches import Batch
from autodistill.training.guidance import Guidance
from tests.records import pipeline

EACH = torch.tensor([[[3.0, 1.0]], [[1.0, 1.0]]]).log()
"""Two teachers on one row: (3/4, 1/4) and (1/2, 1/2)."""


def test_probabilities_are_blended_by_hand() -> None:
    found = blended(EACH, torch.tensor([0.8, 0.2]))

    assert found.exp().tolist()[0] == pytest.approx(
        [0.8 * 0.75 + 0.2 * 0.5, 0.8 * 0.25 + 0.2 * 0.5]
    )


def test_it_has_the_gradient_of_the_weighted_sum_of_divergences() -> None:
    torch.manual_seed(0)
    each, weights = torch.randn(2, 6, 3, dtype=torch.float64), torch.tensor([0.3, 0.7]).double()
    student = torch.randn(6, 3, dtype=torch.float64, requires_grad=True)
    loss, labels = KL(temperature=1.0), torch.zeros(6, dtype=torch.long)

    whole = loss(student, blended(each, weights), labels)
    apart = torch.stack([w * loss(student, x, labels) for w, x in zip(weights, each)]).sum()

    slopes = [torch.autograd.grad(value, student)[0] for value in (whole, apart)]
    torch.testing.assert_close(*slopes)


def test_weights_move_to_the_teacher_that_is_still_far_by_hand() -> None:
    tutor = Balanced(rate=0.1)
    tutor.hear(torch.tensor([[0.0, 3.0]]), EACH)  # both losses are where they begin: no move
    assert tutor.weights == [0.5, 0.5]

    tutor.hear(torch.tensor([[0.0, 0.0]]), EACH)

    # the second teacher is reached: all of the target is the first one's, a tenth of the way
    assert tutor.weights == pytest.approx([0.55, 0.45])
    assert sum(tutor.weights) == pytest.approx(1.0)


def test_two_equal_teachers_are_one() -> None:
    each, tutor = EACH[:1].repeat(2, 1, 1), Balanced()

    for _ in range(5):
        tutor.hear(torch.randn(1, 2), each)

    assert tutor.weights == pytest.approx([0.5, 0.5])
    torch.testing.assert_close(tutor.blend(each), EACH[0].log_softmax(-1))


def test_one_teacher_fits_the_labels_and_one_doubts_them() -> None:
    clean, robust = Balanced(robust=1.7).lessons(Part("cut"))

    assert [t.terms[0].loss for t in (clean, robust)] == [
        Part("ce"),
        Part("comp_sum", {"tau": 1.7}),
    ]
    assert Balanced().combine == "each"


def test_a_training_blends_both_anew_in_every_step() -> None:
    nothing = torch.zeros(1, dtype=torch.long)
    batch = Batch(nothing, nothing, nothing, nothing, EACH[0], {}, teacher_each=EACH)
    guidance = Guidance.of(pipeline().with_stages(tutor=Part("balanced", {"rate": 0.1})))

    begun = guidance.revised(batch, guidance.factors(0.0)).teacher_logits
    guidance.hear_teachers(torch.tensor([[0.0, 3.0]]), batch)
    guidance.hear_teachers(torch.tensor([[0.0, 0.0]]), batch)
    later = guidance.revised(batch, guidance.factors(0.5)).teacher_logits

    assert begun is not None
    assert later is not None
    assert begun.exp()[0, 0].item() == pytest.approx(0.625)
    assert later.exp()[0, 0].item() == pytest.approx(0.55 * 0.75 + 0.45 * 0.5)
    assert math.isclose(later.exp().sum().item(), 1.0, rel_tol=1e-6)
