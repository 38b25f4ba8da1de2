import math

import pytest
import torch

from autodistill.components.losses.kl import KL
from autodistill.components.losses.mse_centred import CentredMSE

LABELS = torch.zeros(1, dtype=torch.long)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 8.0])
def test_even_odds_against_three_to_one_at_a_temperature(temperature: float) -> None:
    student, teacher = torch.zeros(1, 2), torch.tensor([[temperature * math.log(3), 0.0]])

    value = KL(temperature=temperature)(student, teacher, LABELS)

    # softened teacher (3/4, 1/4), student (1/2, 1/2): KL = 3/4 log(3/2) + 1/4 log(1/2)
    assert value.item() == pytest.approx(
        temperature**2 * (0.75 * math.log(1.5) - 0.25 * math.log(2)), rel=1e-5
    )


def test_the_teacher_stands_on_the_left_of_the_divergence() -> None:
    sharp, flat = torch.tensor([[4.0, 0.0, 0.0]]), torch.zeros(1, 3)

    p = sharp.softmax(-1)

    # by the definition: sum p log(p / (1/3))
    assert KL(temperature=1.0)(flat, sharp, LABELS).item() == pytest.approx(
        (p * (3 * p).log()).sum().item(), rel=1e-5
    )


def test_a_certain_teacher_stays_finite() -> None:
    assert (
        KL(temperature=1.0)(
            torch.tensor([[-80.0, 80.0]]), torch.tensor([[80.0, -80.0]]), LABELS
        ).item()
        == 160
    )


def test_high_temperatures_approach_the_squared_distance() -> None:
    torch.manual_seed(0)
    student, teacher = (
        torch.randn(4, 5, dtype=torch.float64),
        torch.randn(4, 5, dtype=torch.float64),
    )
    labels = torch.zeros(4, dtype=torch.long)

    hot, limit = (
        KL(temperature=1e3)(student, teacher, labels),
        CentredMSE()(student, teacher, labels) / (2 * 5),
    )

    assert hot.item() == pytest.approx(limit.item(), rel=5e-3)
