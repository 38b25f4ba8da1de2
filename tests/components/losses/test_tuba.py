import math

import pytest
import torch
from torch import nn

from autodistill.components.losses.tuba import TUBA


def test_two_rows_by_hand() -> None:
    loss = TUBA()
    loss.connect(2, 2)
    loss.student_tower, loss.teacher_tower = (
        nn.Sequential(),
        nn.Sequential(),
    )  # scores are inner products
    loss.baseline = nn.Sequential(nn.Linear(2, 1, bias=False))
    loss.baseline.load_state_dict({"0.weight": torch.tensor([[1.0, -1.0]])})  # 2 and 0
    student, teacher = torch.eye(2), torch.tensor([[2.0, 0.0], [1.0, 1.0]])

    value = loss(student, teacher).item()

    # a row for each teacher sample: (2, 0) and (1, 1)
    # 1 + mean(2 - 2, 1 - 0) - mean(exp(0 - 2), exp(1 - 0))
    assert value == pytest.approx(-(1.5 - (math.exp(-2) + math.e) / 2), rel=1e-5)
