"""MARS-PGM: the projection by hand, and what it leaves alone."""

import torch
from torch import Tensor, nn

from autodistill.components.regularizers.mars_pgm import MarsPGM


def projected(now: Tensor, radius: float) -> Tensor:
    """A matrix that began at ones, after the projection."""
    layer, wall = nn.Linear(now.shape[1], now.shape[0]), MarsPGM(radius=radius)
    nn.init.ones_(layer.weight)
    wall.begin(layer)
    with torch.no_grad():
        layer.weight.copy_(now)
        layer.bias.fill_(50.0)

    wall.after_step(layer, 0.5)

    assert (layer.bias == 50.0).all()
    return layer.weight.detach()


def test_the_projection_by_hand() -> None:
    # distances (3, -1) and (1, 1): row sums 4 and 2; 4 is twice the radius, so half the way is left
    now = torch.tensor([[4.0, 0.0], [2.0, 2.0]])

    assert projected(now, 2.0).tolist() == [[2.5, 0.5], [1.5, 1.5]]


def test_inside_the_ball_nothing_moves() -> None:
    now = torch.tensor([[4.0, 0.0], [2.0, 2.0]])

    assert torch.equal(projected(now, 4.0), now)


def test_a_second_projection_changes_nothing() -> None:
    once = projected(10 * torch.randn(5, 7, generator=torch.manual_seed(0)), 3.0)

    torch.testing.assert_close(projected(once, 3.0), once)
