import math

import pytest
import torch

from autodistill.components.losses.vid import VID


def test_one_feature_by_hand() -> None:
    loss = VID()
    loss.connect(1, 1)

    # the variance begins at 5
    assert loss(torch.tensor([[1.0]]), torch.tensor([[3.0]])).item() == pytest.approx(
        (4 / 5 + math.log(5)) / 2, rel=1e-5
    )


def test_the_best_variance_is_that_of_what_is_left() -> None:
    torch.manual_seed(0)
    loss, rest = VID(), 0.5 * torch.randn(400, 2)
    loss.connect(2, 2)
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        loss(rest, torch.zeros(400, 2)).backward()
        optimizer.step()

    torch.testing.assert_close(
        torch.nn.functional.softplus(loss.raw), rest.square().mean(0), rtol=0.02, atol=0.0
    )
