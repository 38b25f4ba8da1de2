import math

import pytest
import torch
from torch import nn

from autodistill.components.losses._bounds import infonce_bound
from autodistill.components.losses.infonce import InfoNCE


def test_two_rows_by_hand() -> None:
    loss = InfoNCE()
    loss.connect(2, 2)
    loss.student_tower, loss.teacher_tower = (
        nn.Sequential(),
        nn.Sequential(),
    )  # scores are inner products
    student, teacher = torch.eye(2), torch.tensor([[2.0, 0.0], [1.0, 1.0]])

    value = loss(student, teacher).item()

    # a row for each teacher sample: (2, 0) and (1, 1)
    expected = ((2 - math.log(math.exp(2) + 1)) + (1 - math.log(2 * math.e))) / 2 + math.log(2)
    assert value == pytest.approx(-expected, abs=1e-6)


@pytest.mark.parametrize("rows", [2, 8, 32])
def test_a_perfect_critic_reaches_the_log_of_the_batch_and_never_more(rows: int) -> None:
    assert infonce_bound(80 * torch.eye(rows) - 40).item() == pytest.approx(
        math.log(rows), abs=1e-5
    )
    torch.manual_seed(0)
    assert (
        infonce_bound(1000 * (torch.randn(rows, rows) + 3 * torch.eye(rows))).item()
        <= math.log(rows) + 1e-4
    )
