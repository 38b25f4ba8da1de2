import math

import pytest
import torch

from autodistill.components.losses.sp import SimilarityPreserving


def test_two_rows_by_hand() -> None:
    # student rows across each other: unit rows (1, 0), (0, 1);
    # teacher rows the same: (1, 1) / sqrt 2 twice
    value = SimilarityPreserving()(torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3))

    half = 1 / math.sqrt(2)
    assert value.item() == pytest.approx(2 * ((1 - half) ** 2 + half**2) / 4)
