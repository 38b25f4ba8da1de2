import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.dco import DCO

torch.manual_seed(3)
STUDENT, LABELS = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # probability of the label 1/4: two draws miss it with 9/16
    assert DCO(draws=2)(torch.zeros(1, 4), torch.tensor([2])).item() == pytest.approx(
        -math.log(7 / 16), rel=1e-6
    )


def test_one_draw_is_cross_entropy() -> None:
    torch.testing.assert_close(DCO(draws=1)(STUDENT, LABELS), F.cross_entropy(STUDENT, LABELS))


@pytest.mark.parametrize("gap", [-160.0, -25.0, -19.9, -15.0, 0.0, 3.0, 17.0, 40.0, 160.0])
def test_it_is_exact_from_hopeless_to_certain(gap: float) -> None:
    wide = torch.tensor([[gap, 0.0]], dtype=torch.float64)
    p = wide.softmax(-1)[0, 0]
    expected = (
        -torch.log(p) - math.log(4)
        if gap < -30
        else -torch.log1p(-torch.exp(4 * torch.log1p(-p)))
        if gap < 30
        else None
    )
    student = wide.float().requires_grad_(True)

    value = DCO(draws=4)(student, torch.tensor([0]))
    value.backward()

    assert value.item() == pytest.approx(
        0.0 if expected is None else expected.item(), rel=2e-6, abs=1e-12
    )
    assert student.grad is not None
    assert student.grad.isfinite().all()


def test_a_row_that_is_sure_pulls_less_than_in_cross_entropy() -> None:
    student = torch.tensor([[2.0, 0.0]], requires_grad=True)

    pull, plain = (
        torch.autograd.grad(DCO(draws=n)(student, torch.tensor([0])), student)[0][0, 1].item()
        for n in (8, 1)
    )

    # the factor is N (1 - p)^(N - 1) p / (1 - (1 - p)^N)
    p = 1 / (1 + math.exp(-2))
    assert pull / plain == pytest.approx(8 * (1 - p) ** 7 * p / (1 - (1 - p) ** 8), rel=1e-4)
