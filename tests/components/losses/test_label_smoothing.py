import math

import pytest
import torch

from autodistill.components.losses.ce import CrossEntropy
from autodistill.components.losses.label_smoothing import LabelSmoothing


def test_one_row_by_hand() -> None:
    # probabilities (1/2, 1/4, 1/4), the label is the first class;
    # smoothed by 0.3 it is (0.8, 0.1, 0.1)
    value = LabelSmoothing(epsilon=0.3)(torch.tensor([[2.0, 1.0, 1.0]]).log(), torch.tensor([0]))

    assert value.item() == pytest.approx(0.8 * math.log(2) + 0.2 * math.log(4), rel=1e-6)


def test_it_is_cross_entropy_and_the_distance_from_the_even_student() -> None:
    torch.manual_seed(0)
    student, labels = torch.randn(5, 4), torch.tensor([0, 1, 2, 3, 0])

    even = CrossEntropy()(student, torch.full((5, 4), 0.25))

    torch.testing.assert_close(
        LabelSmoothing(epsilon=0.2)(student, labels),
        0.8 * CrossEntropy()(student, labels) + 0.2 * even,
    )
