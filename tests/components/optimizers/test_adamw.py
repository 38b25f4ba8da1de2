"""AdamW: the course of the rate by hand, and what decays."""

import pytest
import torch
from torch import nn

from autodistill.components.optimizers.adamw import AdamW


def rates(recipe: AdamW, steps: int) -> list[float]:
    """The rate used in each step."""
    optimizer, schedule = recipe.build(nn.Linear(2, 1).named_parameters(), steps)
    seen = []
    for _ in range(steps):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return seen


def test_the_rate_climbs_and_falls_along_straight_lines() -> None:
    # warm-up is round(.2 * 10) = 2 steps: 1/2, 2/2; then from 1 down by ninths:
    # (10 - 2) / 9, ..., 1 / 9
    expected = [0.5, 1.0, *((10 - step) / 9 for step in range(2, 10))]

    assert rates(AdamW(lr=1e-3, warmup=0.2), 10) == pytest.approx([1e-3 * e for e in expected])


def test_without_warm_up_the_first_step_has_the_whole_rate() -> None:
    assert rates(AdamW(lr=1e-3, warmup=0.0), 4) == pytest.approx([1e-3, 0.75e-3, 0.5e-3, 0.25e-3])


def test_a_single_step_learns() -> None:
    assert rates(AdamW(lr=1e-3), 1) == pytest.approx([1e-3])


def test_weights_decay_but_biases_and_norms_do_not() -> None:
    network = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))

    optimizer, _ = AdamW(weight_decay=0.05).build(network.named_parameters(), 10)

    by_decay = {
        g["weight_decay"]: [tuple(p.shape) for p in g["params"]] for g in optimizer.param_groups
    }
    assert by_decay == {0.05: [(2, 3)], 0.0: [(2,), (2,), (2,)]}


def test_frozen_parameters_are_left_out() -> None:
    network = nn.Linear(3, 2)
    network.weight.requires_grad_(False)

    optimizer, _ = AdamW().build(network.named_parameters(), 10)

    assert [tuple(p.shape) for g in optimizer.param_groups for p in g["params"]] == [(2,)]


def test_the_first_step_is_the_rate_towards_less_loss() -> None:
    # Adam's first step is lr * sign(gradient); decay takes lr * .1 * weight more: 1 - .001 - .0001
    weight = nn.Parameter(torch.ones(1, 1))
    optimizer, _ = AdamW(lr=1e-3, weight_decay=0.1, warmup=0.0).build([("w", weight)], 10)

    torch.autograd.backward((3 * weight).sum())
    optimizer.step()

    assert weight.item() == pytest.approx(1 - 0.001 - 0.0001, abs=1e-6)
