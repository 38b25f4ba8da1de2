import torch

from autodistill.components.connectors.mlp import MLP


def test_two_matrices_with_what_is_below_zero_left_out() -> None:
    connector = MLP()
    connector.connect(3, 5)
    first, _, second = connector.projection
    features = torch.randn(2, 4, 3)

    found = connector(features)

    assert found.shape == (2, 4, 5)
    torch.testing.assert_close(found, second(first(features).clamp_min(0.0)))
