"""Difficulty-weighted contrast: rows by hand, and where it is InfoNCE."""

import math

import pytest
import torch

from autodistill.components.losses._bounds import infonce_bound
from autodistill.components.losses.dcd import DCD, hard_contrast

ALIKE = torch.tensor([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]])


def test_the_hardest_negative_by_hand() -> None:
    # row 0 has row 1 as its negative, row 1 has row 0, row 2 has row 1; others do not count
    scores = torch.tensor([[1.0, 0.0, 99.0], [0.0, 2.0, 99.0], [99.0, 0.0, 0.0]])

    value = hard_contrast(scores, ALIKE, 1, even=True)

    rows = [math.log(1 + math.exp(-1)), math.log(1 + math.exp(-2)), math.log(2)]
    assert value.item() == pytest.approx(sum(rows) / 3, rel=1e-6)


def test_rows_weigh_by_the_doubt_of_the_student_by_hand() -> None:
    scores = torch.tensor([[0.0, 0.0, 0.0], [0.0, math.log(3), 0.0], [0.0, -99.0, 0.0]])

    value = hard_contrast(scores, ALIKE, 1, even=False)

    # choices (1/2, 1/2), (1/4, 3/4) and certain: entropies ln 2, 0.5623 and 0
    doubt = [math.log(2), -0.25 * math.log(0.25) - 0.75 * math.log(0.75)]
    rows = [math.log(2), math.log(4 / 3)]
    wanted = sum(d * r for d, r in zip(doubt, rows)) / sum(doubt)
    assert value.item() == pytest.approx(wanted, rel=1e-6)


def test_with_even_weights_and_all_negatives_it_is_infonce() -> None:
    scores = torch.randn(6, 6, generator=torch.manual_seed(0))

    value = hard_contrast(scores, scores, 64, even=True)

    assert value.item() == pytest.approx(math.log(6) - infonce_bound(scores).item(), rel=1e-5)


def test_the_gradient_with_even_weights_is_that_of_the_value() -> None:
    torch.manual_seed(0)
    loss = DCD(negatives=8, weigh="even").double()
    loss.connect(4, 5)
    loss.double()
    student = torch.randn(12, 4, dtype=torch.float64, requires_grad=True)
    teacher = torch.randn(12, 5, dtype=torch.float64)

    assert torch.autograd.gradcheck(lambda s: loss(s, teacher), (student,))


def test_training_tells_the_right_row_from_those_alike() -> None:
    torch.manual_seed(0)
    loss, student = DCD(negatives=8), torch.randn(16, 4)
    loss.connect(4, 5)
    teacher = torch.cat([student, student[:, :1]], dim=1)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-2)
    values = []
    for _ in range(60):
        value = loss(student, teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        values.append(value.item())

    assert values[-1] < 0.8 * values[0]
