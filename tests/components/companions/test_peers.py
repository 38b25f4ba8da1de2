import math

import pytest
import torch
from torch import nn

from autodistill.components.companions.peers import Peers


def test_two_peers_by_hand() -> None:
    companion, student = Peers(weight=0.5), nn.Sequential(nn.Linear(2, 2))
    companion.begin(student)
    own, other = torch.log(torch.tensor([[0.5, 0.5]])), torch.log(torch.tensor([[0.75, 0.25]]))
    to_other = 0.75 * math.log(1.5) + 0.25 * math.log(0.5)  # the other one, held, teaches the first
    to_own = 0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25)

    value = companion.loss(own, torch.tensor([0]), lambda _: other)

    assert value.item() == pytest.approx(-math.log(0.75) + 0.5 * (to_other + to_own), rel=1e-5)


def test_equal_peers_leave_their_own_losses_only() -> None:
    companion, student = Peers(count=3), nn.Sequential(nn.Linear(2, 2))
    companion.begin(student)
    logits = torch.tensor([[1.0, -1.0]])

    value = companion.loss(logits, torch.tensor([1]), lambda _: logits)

    assert value.item() == pytest.approx(
        2 * torch.nn.functional.cross_entropy(logits, torch.tensor([1])).item()
    )


def test_peers_are_trained_and_begin_with_heads_of_their_own() -> None:
    torch.manual_seed(0)
    companion, student = Peers(), nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
    companion.begin(student)
    x = torch.randn(4, 2)

    value = companion.loss(student(x), torch.tensor([0, 1, 0, 1]), lambda net: net(x))
    torch.autograd.backward(value)

    (other,) = companion.others
    assert isinstance(other, nn.Sequential)
    ours, theirs = student.state_dict(), other.state_dict()
    assert torch.equal(theirs["0.weight"], ours["0.weight"])
    assert not torch.equal(theirs["1.weight"], ours["1.weight"])
    assert other[0].weight.grad is not None
    assert student[0].weight.grad is not None
