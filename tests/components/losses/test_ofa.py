import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.ofa import OFA

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # teacher (3/4, 1/4), student even, the label is the second class:
    # (3/4)^2 + (5/4)^2 - 1 = 9/8 times log 2
    value = OFA(epsilon=2.0)(torch.zeros(1, 2), torch.tensor([[3.0, 1.0]]).log(), torch.tensor([1]))

    assert value.item() == pytest.approx(9 / 8 * math.log(2), rel=1e-6)


def test_at_epsilon_one_it_is_cross_entropy_to_the_teacher() -> None:
    expected = 4 * F.cross_entropy(STUDENT / 2, (TEACHER / 2).softmax(-1))

    torch.testing.assert_close(
        OFA(epsilon=1.0, temperature=2.0)(STUDENT, TEACHER, LABELS), expected
    )


def test_the_label_weighs_more_and_the_others_less_as_epsilon_grows() -> None:
    def pull(epsilon: float) -> torch.Tensor:
        z = torch.zeros(1, 3, requires_grad=True)
        OFA(epsilon=epsilon)(z, torch.tensor([[1.0, 0.5, 0.0]]), torch.tensor([0])).backward()
        assert z.grad is not None
        return -z.grad[0]

    assert pull(2.0)[0] > pull(1.5)[0] > pull(1.0)[0] > 0
    assert pull(2.0)[1] < pull(1.0)[1]
