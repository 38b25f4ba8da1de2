import math

import pytest
import torch
from torch import nn

from autodistill.components.companions.ema import EMA


def test_divergence_both_ways_by_hand_and_none_at_the_start() -> None:
    companion, student = EMA(weight=2.0), nn.Linear(2, 2)
    companion.begin(student)
    past, own = torch.log(torch.tensor([[0.75, 0.25]])), torch.log(torch.tensor([[0.5, 0.5]]))
    there = 0.75 * math.log(1.5) + 0.25 * math.log(0.5)
    back = 0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25)

    value = companion.loss(own, torch.tensor([0]), lambda _: past)

    assert value.item() == pytest.approx(2.0 * (there + back) / 2, rel=1e-5)
    assert companion.loss(own, torch.tensor([0]), lambda _: own).item() == pytest.approx(
        0.0, abs=1e-7
    )


def test_the_mean_follows_and_is_no_parameter() -> None:
    companion, student = EMA(momentum=0.9), nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        student.weight.fill_(1.0)
    companion.begin(student)
    with torch.no_grad():
        student.weight.fill_(2.0)

    companion.after_step(student)

    assert companion.held[0].weight.item() == pytest.approx(1.1)
    assert list(companion.parameters()) == []
