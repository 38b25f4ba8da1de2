"""Properties that the bounds with a separable critic share.

MI-alpha has its own numbers in test_mi_alpha.py.
"""

import pytest
import torch

from autodistill.components.losses._critic import CriticLoss
from autodistill.components.losses.infonce import InfoNCE
from autodistill.components.losses.nwj import NWJ
from autodistill.components.losses.tuba import TUBA

every_bound = pytest.mark.parametrize("bound", [InfoNCE, NWJ, TUBA])


@every_bound
def test_nothing_is_known_before_the_first_step(bound: type[CriticLoss]) -> None:
    torch.manual_seed(0)
    loss = bound()
    loss.connect(3, 7)

    assert abs(loss(torch.randn(16, 3), torch.randn(16, 7)).item()) < 0.15


@every_bound
def test_training_the_critic_finds_shared_information(bound: type[CriticLoss]) -> None:
    torch.manual_seed(0)
    loss = bound()
    loss.connect(2, 2)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)
    for _ in range(80):
        teacher = torch.randn(32, 2)
        value = loss(teacher + 0.1 * torch.randn(32, 2), teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()

    assert value.item() < -0.4
