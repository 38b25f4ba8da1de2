import math

import pytest
import torch

from autodistill.losses._bounds import tuba_bound
from autodistill.losses.nwj import NWJ


def test_nothing_is_known_before_the_first_step() -> None:
    torch.manual_seed(0)
    loss = NWJ()
    loss.connect(3, 7)

    assert abs(loss(torch.randn(16, 3), torch.randn(16, 7)).item()) < 0.15


def test_training_the_critic_finds_shared_information() -> None:
    torch.manual_seed(0)
    loss = NWJ()
    loss.connect(2, 2)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)
    for _ in range(80):
        teacher = torch.randn(32, 2)
        value = loss(teacher + 0.1 * torch.randn(32, 2), teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()

    assert value.item() < -0.4


def test_scores_of_two_rows_by_hand() -> None:
    # 1 + mean(2 - 1, 1 - 0) - mean(exp(0 - 1), exp(1 - 0))
    value = tuba_bound(torch.tensor([[2.0, 0.0], [1.0, 1.0]]), torch.tensor([1.0, 0.0]))

    assert value.item() == pytest.approx(2 - (math.exp(-1) + math.e) / 2)
