import math

import pytest
import torch

from autodistill.losses.pkt import PKT


def test_two_rows_by_hand() -> None:
    # student rows across each other: (1, 1/2) / 1.5; teacher rows alike: (1, 1) / 2
    value = PKT()(torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3))

    assert value.item() == pytest.approx(0.5 * math.log(0.5 * 1.5) + 0.5 * math.log(0.5 * 3))


def test_opposite_rows_stay_finite() -> None:
    student = torch.tensor([[1.0, 0.0], [-1.0, 0.0]], requires_grad=True)

    PKT()(student, torch.ones(2, 2)).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()


def test_a_rotation_and_a_scale_of_the_student_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(PKT()(turned, teacher), PKT()(student, teacher), rtol=1e-4, atol=1e-6)
