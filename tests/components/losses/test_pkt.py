import math

import pytest
import torch

from autodistill.components.losses.pkt import PKT


def test_two_rows_by_hand() -> None:
    # student rows across each other: (1, 1/2) / 1.5; teacher rows alike: (1, 1) / 2
    value = PKT()(torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3))

    assert value.item() == pytest.approx(0.5 * math.log(0.5 * 1.5) + 0.5 * math.log(0.5 * 3))
