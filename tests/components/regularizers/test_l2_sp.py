"""L2-SP: the slope of the penalty by hand, and its limits."""

import pytest
import torch
from torch import nn

from autodistill.components.regularizers.l2_sp import L2SP


def moved(start: float, now: float, gradient: float, alpha: float) -> float:
    """The gradient of one weight after the penalty's slope was added."""
    layer, penalty = nn.Linear(1, 1, bias=False), L2SP(alpha=alpha)
    nn.init.constant_(layer.weight, start)
    penalty.begin(layer)
    nn.init.constant_(layer.weight, now)
    layer.weight.grad = torch.full((1, 1), gradient)

    penalty.before_step(layer, 0.5)

    return layer.weight.grad.item()


def test_the_slope_by_hand() -> None:
    # 0.5 + 0.1 * (3 - 1)
    assert moved(1.0, 3.0, 0.5, 0.1) == pytest.approx(0.7)


def test_at_the_start_it_changes_nothing() -> None:
    assert moved(1.0, 1.0, 0.5, 1.0) == 0.5


def test_the_slope_is_the_gradient_of_the_penalty() -> None:
    weight = torch.tensor([[3.0]], requires_grad=True)
    (0.1 / 2 * (weight - 1.0).square().sum()).backward()

    assert weight.grad is not None
    assert moved(1.0, 3.0, 0.0, 0.1) == pytest.approx(weight.grad.item())


def test_a_weight_that_is_not_trained_is_left_alone() -> None:
    layer = nn.Linear(1, 1).requires_grad_(False)
    penalty = L2SP()

    penalty.begin(layer)
    penalty.before_step(layer, 0.0)

    assert penalty.start == {}
    assert all(p.grad is None for p in layer.parameters())
