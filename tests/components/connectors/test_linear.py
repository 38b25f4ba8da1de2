import torch

from autodistill.components.connectors.linear import Linear


def test_two_features_are_projected_to_three_by_matrix_and_bias() -> None:
    connector = Linear()
    connector.connect(2, 3)
    connector.load_state_dict(
        {
            "projection.weight": torch.tensor([[1.0, 0], [0, 1], [1, 1]]),
            "projection.bias": torch.tensor([0.0, 0, 5]),
        }
    )

    # [1, 0; 0, 1; 1, 1] (2, 3) + (0, 0, 5) = (2, 3, 10)
    assert connector(torch.tensor([[2.0, 3.0]])).tolist() == [[2.0, 3.0, 10.0]]


def test_the_gradient_reaches_the_features_and_the_matrix() -> None:
    connector, features = Linear(), torch.randn(4, 2, requires_grad=True)
    connector.connect(2, 3)

    connector(features).square().sum().backward()

    assert features.grad is not None
    assert all(p.grad is not None for p in connector.parameters())
