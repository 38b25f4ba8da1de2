import math

import pytest
import torch

from autodistill.components.losses.cc import CorrelationCongruence


def test_two_rows_by_hand() -> None:
    # student rows across each other, teacher rows alike: two entries differ by one
    value = CorrelationCongruence(kernel="linear")(
        torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3)
    )

    assert value.item() == pytest.approx(2 / 4)


def test_a_high_order_is_the_gaussian_kernel() -> None:
    # unit rows at cosine 0 are sqrt 2 apart: exp(-2 gamma); alike: 1
    value = CorrelationCongruence(kernel="gaussian", gamma=0.1, order=3)(
        torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3)
    )

    assert value.item() == pytest.approx(2 * (1 - math.exp(-0.2)) ** 2 / 4, rel=1e-2)
