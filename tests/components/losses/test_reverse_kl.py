import math

import pytest
import torch
from scipy.stats import entropy

from autodistill.components.losses.reverse_kl import ReverseKL

LABELS = torch.zeros(2, dtype=torch.long)


def test_two_rows_against_scipys_relative_entropy() -> None:
    student, teacher = (
        torch.tensor([[1.0, 0.0, -1.0], [0.5, 0.5, 0.0]]),
        torch.tensor([[0.0, 2.0, 0.0], [3.0, 0.0, 1.0]]),
    )

    ours, theirs = (student / 2).softmax(-1), (teacher / 2).softmax(-1)

    expected = 4 * entropy(ours.double(), theirs.double(), axis=1).mean()
    assert ReverseKL(temperature=2.0)(student, teacher, LABELS).item() == pytest.approx(
        expected, rel=1e-5
    )


def test_mass_where_the_teacher_has_none_is_dear_and_missing_mass_is_cheap() -> None:
    flat, sharp = torch.zeros(2, 3), torch.tensor([[30.0, 0.0, 0.0]] * 2)
    loss = ReverseKL(temperature=1.0)

    # even student, certain teacher: log(1/3) + 30 * 2/3; certain student, even teacher: log 3
    assert loss(flat, sharp, LABELS).item() == pytest.approx(20 - math.log(3), rel=1e-5)
    assert loss(sharp, flat, LABELS).item() == pytest.approx(math.log(3), rel=1e-5)
