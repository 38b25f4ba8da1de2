import math

import pytest
import torch
from torch import nn

from autodistill.components.losses.nwj import NWJ


def test_two_rows_by_hand() -> None:
    loss = NWJ()
    loss.connect(2, 2)
    loss.student_tower, loss.teacher_tower = (
        nn.Sequential(),
        nn.Sequential(),
    )  # scores are inner products
    student, teacher = torch.eye(2), torch.tensor([[2.0, 0.0], [1.0, 1.0]])

    value = loss(student, teacher).item()

    # a row for each teacher sample: (2, 0) and (1, 1)
    # 1 + mean(2, 1) - mean(exp 0, exp 1)
    assert value == pytest.approx(-(1 + 1.5 - (1 + math.e) / 2), rel=1e-5)
