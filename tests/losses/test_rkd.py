import pytest
import torch

from autodistill.losses.rkd import RKD, by_angle, by_distance


def test_distances_by_hand() -> None:
    # student on a line at 0, 1, 3: distances 1, 3, 2 over 2; teacher even: 1, 1, 1. Differences 1/2, 1/2, 0; Huber x^2 / 2; nine entries
    even = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])

    assert by_distance(torch.tensor([[0.0], [1.0], [3.0]]), even).item() == pytest.approx(2 * (0.125 + 0.125) / 9, rel=1e-5)


def test_a_right_angle_against_a_straight_one_by_hand() -> None:
    # at each row of the student's line the cosine is 1, -1, 1; of the teacher's even triangle 1/2 each; two orders of each
    even = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])
    line = torch.tensor([[0.0], [1.0], [3.0]])

    assert by_angle(line, even).item() == pytest.approx(2 * (0.125 + 1.0 + 0.125) / 27, rel=1e-5)


def test_rows_that_are_all_the_same_stay_finite() -> None:
    student = torch.ones(4, 3, requires_grad=True)

    RKD()(student, torch.randn(4, 3)).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()


def test_a_rotation_and_a_scale_of_the_student_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(RKD()(turned, teacher), RKD()(student, teacher), rtol=1e-4, atol=1e-6)


def test_a_shift_of_the_student_does_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)

    torch.testing.assert_close(RKD()(student + 2.0, teacher), RKD()(student, teacher), rtol=1e-4, atol=1e-5)
