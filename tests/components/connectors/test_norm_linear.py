import torch

from autodistill.components.connectors.norm_linear import NormLinear


def test_size_and_shift_of_the_features_do_not_matter() -> None:
    connector = NormLinear().eval()
    connector.connect(6, 4)
    connector.eval()
    features = torch.randn(5, 6)

    assert connector(features).shape == (5, 4)
    torch.testing.assert_close(
        connector(7 * features + 3), connector(features), rtol=1e-4, atol=1e-4
    )


def test_some_of_it_is_dropped_while_training() -> None:
    connector, features = NormLinear(dropout=0.5), torch.randn(5, 6)
    connector.connect(6, 4)

    assert not torch.equal(connector(features), connector(features))
