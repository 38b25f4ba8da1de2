import math

import pytest
import torch

from autodistill.losses._bounds import infonce_bound
from autodistill.losses.infonce import InfoNCE


def test_nothing_is_known_before_the_first_step() -> None:
    torch.manual_seed(0)
    loss = InfoNCE()
    loss.connect(3, 7)

    assert abs(loss(torch.randn(16, 3), torch.randn(16, 7)).item()) < 0.15


def test_training_the_critic_finds_shared_information() -> None:
    torch.manual_seed(0)
    loss = InfoNCE()
    loss.connect(2, 2)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)
    for _ in range(80):
        teacher = torch.randn(32, 2)
        value = loss(teacher + 0.1 * torch.randn(32, 2), teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()

    assert value.item() < -0.4
    assert value.item() > -math.log(32)


def test_a_perfect_critic_reaches_the_log_of_the_batch() -> None:
    assert infonce_bound(80 * torch.eye(8) - 40).item() == pytest.approx(math.log(8), abs=1e-5)
