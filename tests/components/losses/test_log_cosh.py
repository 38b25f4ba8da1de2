import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.log_cosh import LogCosh

LABELS = torch.tensor([0, 1])


def test_one_row_by_hand() -> None:
    # errors (2 log 3, 0) at temperature 1: log cosh(log 3) = log((3 + 1/3) / 2)
    value = LogCosh(temperature=1.0)(
        torch.tensor([[2 * math.log(3), 0.0]]), torch.zeros(1, 2), LABELS[:1]
    )

    assert value.item() == pytest.approx(math.log(5 / 3), rel=1e-6)


def test_it_is_the_binary_divergence_of_the_source() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 4), torch.randn(2, 4)

    p = ((student - teacher) / 3).sigmoid()

    half = torch.full_like(p, 0.5)
    divergence = F.binary_cross_entropy(p, half, reduction="none") - math.log(2)
    torch.testing.assert_close(
        LogCosh(temperature=3.0)(student, teacher, LABELS), 9 * divergence.sum(-1).mean()
    )


def test_large_errors_keep_their_slope() -> None:
    student = torch.tensor([[500.0, -500.0]], requires_grad=True)

    LogCosh(temperature=2.0)(student, torch.zeros(1, 2), LABELS[:1]).backward()

    # T² tanh(error / 2T) / 2T
    assert student.grad is not None
    assert student.grad.tolist() == [[1.0, -1.0]]
