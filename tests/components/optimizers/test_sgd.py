"""Gradient descent with momentum: two steps by hand, and what decays."""

import pytest
import torch
from torch import nn

from autodistill.components.optimizers.sgd import SGD


def test_two_steps_are_those_of_nesterovs_momentum() -> None:
    # gradient 3 throughout, no decay, rates 1/1 and 3/4 of 0.1 over four steps.
    # velocity 3, then 0.9 * 3 + 3 = 5.7;
    # step 1: 3 + 0.9 * 3 = 5.7 times 0.1; step 2: 3 + 0.9 * 5.7 = 8.13 times 0.075
    weight = nn.Parameter(torch.ones(1, 1))
    optimizer, schedule = SGD(lr=0.1, weight_decay=0.0, warmup=0.0).build([("w", weight)], 4)

    seen = []
    for _ in range(2):
        optimizer.zero_grad()
        torch.autograd.backward((3 * weight).sum())
        optimizer.step()
        schedule.step()
        seen.append(weight.item())

    assert seen == pytest.approx([1 - 0.57, 1 - 0.57 - 0.60975])


def test_weights_decay_but_biases_and_norms_do_not() -> None:
    network = nn.Sequential(nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2))

    optimizer, _ = SGD(weight_decay=5e-4).build(network.named_parameters(), 10)

    by_decay = {
        g["weight_decay"]: [tuple(p.shape) for p in g["params"]] for g in optimizer.param_groups
    }
    assert by_decay == {5e-4: [(2, 3, 1, 1)], 0.0: [(2,), (2,), (2,)]}


def test_some_parameters_have_a_rate_of_their_own() -> None:
    first, second = nn.Parameter(torch.ones(1, 1)), nn.Parameter(torch.ones(1, 1))

    optimizer, _ = SGD(lr=0.1, warmup=0.0).build([("a", first), ("b", second)], 4, {second: 10.0})

    assert {g["params"][0] is second: g["lr"] for g in optimizer.param_groups} == pytest.approx(
        {False: 0.1, True: 1.0}
    )
