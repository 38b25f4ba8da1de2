import pytest
import torch

from autodistill.components.connectors.identity import Identity


def test_features_pass_unchanged() -> None:
    connector, features = Identity(), torch.randn(2, 3)
    connector.connect(3, 3)

    assert connector(features) is features
    assert list(connector.parameters()) == []


def test_different_widths_are_refused_with_the_widths_and_the_way_out() -> None:
    with pytest.raises(ValueError, match=r"width 3 to a teacher layer of width 4; use 'linear'"):
        Identity().connect(3, 4)
