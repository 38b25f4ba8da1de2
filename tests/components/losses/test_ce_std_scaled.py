"""Cross-entropy of scaled logits: a row by hand, and what it does not see."""

import math

import pytest
import torch

from autodistill.components.losses.ce_std_scaled import StdScaledCrossEntropy


def test_one_row_by_hand() -> None:
    # (2, 0, -2) has the standard deviation 2: logits 1, 0, -1
    value = StdScaledCrossEntropy()(torch.tensor([[2.0, 0.0, -2.0]]), torch.tensor([0]))

    assert value.item() == pytest.approx(math.log(1 + math.exp(-1) + math.exp(-2)), rel=1e-6)


def test_neither_the_size_of_logits_nor_a_constant_matters() -> None:
    torch.manual_seed(0)
    student, labels = torch.randn(5, 4), torch.arange(5) % 4

    scaled = StdScaledCrossEntropy()(7.0 * student + 3.0, labels)

    torch.testing.assert_close(scaled, StdScaledCrossEntropy()(student, labels))


def test_the_slope_is_orthogonal_to_the_row_it_could_only_stretch() -> None:
    torch.manual_seed(0)
    student = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)

    (slope,) = torch.autograd.grad(StdScaledCrossEntropy()(student, torch.arange(5) % 4), student)

    torch.testing.assert_close((slope * student).sum(1), torch.zeros(5, dtype=torch.float64))
    assert slope.abs().sum() > 0.01
