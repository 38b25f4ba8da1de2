import pytest
import torch

from autodistill.components.losses.cka import CKA


def test_three_rows_by_hand() -> None:
    # centred: student (-1, 0, 1), teacher (1, -2, 1):
    # their inner product is 0, so nothing is aligned
    value = CKA()(torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([[4.0], [1.0], [4.0]]))

    assert value.item() == pytest.approx(1.0)


def test_a_batch_without_spread_has_no_alignment() -> None:
    student = torch.ones(3, 2, requires_grad=True)

    value = CKA()(student, torch.randn(3, 2))
    value.backward()

    assert value.item() == 1.0
    assert student.grad is not None
    assert student.grad.isfinite().all()
