import math

import pytest
import torch

from autodistill.components.losses.nkd import NKD

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # teacher (1/2, 3/8, 1/8), student even over three, the label is the first class:
    # 1/2 log 3 for the label; the others are (3/4, 1/4) against even: log 2
    value = NKD(gamma=2.0, temperature=1.0)(
        torch.zeros(1, 3), torch.tensor([[4.0, 3.0, 1.0]]).log(), torch.tensor([0])
    )

    assert value.item() == pytest.approx(math.log(3) / 2 + 2 * math.log(2), rel=1e-6)


def test_the_second_part_does_not_pull_at_the_label() -> None:
    student = STUDENT.clone().requires_grad_(True)

    slopes = [
        torch.autograd.grad(NKD(gamma=g)(student, TEACHER, LABELS), student)[0] for g in (0.1, 8.0)
    ]

    place = LABELS.unsqueeze(1)
    torch.testing.assert_close(slopes[0].gather(1, place), slopes[1].gather(1, place))
    assert not torch.allclose(slopes[0], slopes[1])


def test_with_two_classes_the_second_part_is_zero() -> None:
    values = [NKD(gamma=g)(STUDENT[:, :2], TEACHER[:, :2], LABELS % 2) for g in (0.1, 8.0)]

    assert values[0] == values[1]
