import pytest
import torch

from autodistill.components.losses.aldr import ALDR, row_scales
from autodistill.components.losses.ldr import LDR

torch.manual_seed(3)
STUDENT, LABELS = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_an_even_row_keeps_its_scale_and_a_certain_one_loses_what_alpha_says() -> None:
    rows = torch.stack([torch.zeros(4), torch.tensor([90.0, 0.0, 0.0, 0.0])])

    # KL from even is 0 for an even row and log 4 for a certain one: 1 - 1 / alpha
    assert row_scales(rows, torch.ones(2), 3.0, 4.0).tolist() == pytest.approx([3.0, 2.25])


def test_with_a_large_alpha_it_is_the_loss_with_one_scale() -> None:
    torch.testing.assert_close(
        ALDR(scale=2.0, margin=0.5, alpha=1e6)(STUDENT, LABELS),
        LDR(scale=2.0, margin=0.5)(STUDENT, LABELS),
    )


def test_scales_are_constants_for_the_gradient() -> None:
    one = torch.tensor([[3.0, 0.0, 1.0]], requires_grad=True)
    label = torch.tensor([1])
    scale = row_scales(one.detach(), torch.ones(1), 1.0, 2.0).item()

    (slope,) = torch.autograd.grad(ALDR(scale=1.0)(one, label), one)

    torch.testing.assert_close(slope, torch.autograd.grad(LDR(scale=scale)(one, label), one)[0])
