import math

import pytest
import torch

from autodistill.components.losses.hidden_ce import HiddenCE


def test_one_row_by_hand() -> None:
    # teacher (3/4, 1/4), student even
    value = HiddenCE()(torch.zeros(1, 2), torch.tensor([[math.log(3), 0.0]]))

    assert value.item() == pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5), rel=1e-6)


def test_a_constant_added_to_a_row_does_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(3, 4), torch.randn(3, 4)

    torch.testing.assert_close(HiddenCE()(student + 5, teacher - 3), HiddenCE()(student, teacher))


def test_the_slope_is_the_difference_of_the_distributions() -> None:
    student, teacher = (
        torch.zeros(2, 2, requires_grad=True),
        torch.tensor([[math.log(3), 0.0]]).expand(2, 2),
    )

    HiddenCE()(student, teacher).backward()

    assert student.grad is not None
    torch.testing.assert_close(student.grad, torch.tensor([[-0.25, 0.25]]).expand(2, 2) / 2)
