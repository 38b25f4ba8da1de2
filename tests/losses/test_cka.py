import pytest
import torch

from autodistill.losses.cka import CKA


def test_three_rows_by_hand() -> None:
    # centred: student (-1, 0, 1), teacher (1, -2, 1): their inner product is 0, so nothing is aligned
    value = CKA()(torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([[4.0], [1.0], [4.0]]))

    assert value.item() == pytest.approx(1.0)


def test_a_batch_without_spread_has_no_alignment() -> None:
    student = torch.ones(3, 2, requires_grad=True)

    value = CKA()(student, torch.randn(3, 2))
    value.backward()

    assert value.item() == 1.0
    assert student.grad is not None
    assert student.grad.isfinite().all()


def test_a_rotation_and_a_scale_of_the_student_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(CKA()(turned, teacher), CKA()(student, teacher), rtol=1e-4, atol=1e-6)


def test_a_shift_of_the_student_does_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)

    torch.testing.assert_close(CKA()(student + 2.0, teacher), CKA()(student, teacher), rtol=1e-4, atol=1e-5)
