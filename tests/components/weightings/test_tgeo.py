import pytest
import torch

from autodistill.components.weightings.tgeo import TGeo

LABELS = torch.tensor([0, 0, 1, 1])
TEACHER = torch.tensor([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [-2.0, 0.0]])
STUDENT = torch.zeros(4, 2)


def begun(share: float = 0.8) -> TGeo:
    torch.manual_seed(0)
    weighting = TGeo()
    weighting.begin(share, TEACHER, LABELS)
    return weighting


def test_at_first_it_is_the_pipelines_own_share() -> None:
    assert begun().weights(STUDENT, TEACHER, LABELS).tolist() == pytest.approx([1.0] * 4)


def test_the_usual_answer_is_the_mean_by_class() -> None:
    sure = TEACHER[0].softmax(0)

    torch.testing.assert_close(begun().usual, torch.stack([sure, torch.tensor([0.5, 0.5])]))


def test_rows_that_gain_from_the_teacher_come_to_hear_more_of_it() -> None:
    weighting = begun()
    for _ in range(300):
        weighting.learn(STUDENT, TEACHER, LABELS, torch.tensor([1.0, 1.0, -1.0, 1.0]))

    weights = weighting.weights(STUDENT, TEACHER, LABELS)

    assert weights[0] == weights[1] > 1.1  # r rises from 0.8 towards 1, that is a weight of 1.25
    assert weights[2] < 0.5
    assert (weights * 0.8 > 0).all()
    assert (weights * 0.8 < 1).all()


def test_what_the_student_says_gets_no_gradient() -> None:
    student = STUDENT.clone().requires_grad_(True)

    assert not begun().weights(student, TEACHER, LABELS).requires_grad
