import pytest
import torch

from autodistill.components.losses.fsp import FSP, flow


def test_products_of_two_layers_by_hand() -> None:
    first, second = (
        torch.tensor([[[1.0, 2.0], [3.0, 0.0], [9.0, 9.0]]]),
        torch.tensor([[[1.0], [2.0], [9.0]]]),
    )

    found = flow(first, second, torch.tensor([[1, 1, 0]]))

    assert found.tolist() == [[[(1 + 6) / 2], [2 / 2]]]


def test_the_mean_over_the_matrix() -> None:
    mask = torch.ones(1, 1, dtype=torch.long)
    student, teacher = torch.tensor([[[[1.0, 2.0]]], [[[1.0, 1.0]]]]), torch.zeros(2, 1, 1, 2)

    assert FSP()(student, teacher, mask=mask).item() == pytest.approx((1 + 1 + 4 + 4) / 4)


def test_what_is_added_to_both_layers_matters_but_not_a_common_turn_of_tokens() -> None:
    torch.manual_seed(0)
    student, teacher, mask = (
        torch.randn(2, 3, 4, 5),
        torch.randn(2, 3, 4, 5),
        torch.ones(3, 4, dtype=torch.long),
    )
    loss = FSP()

    torch.testing.assert_close(
        loss(student.flip(2), teacher, mask=mask), loss(student, teacher, mask=mask)
    )
    assert abs(loss(student + 1, teacher, mask=mask) - loss(student, teacher, mask=mask)) > 1e-2
