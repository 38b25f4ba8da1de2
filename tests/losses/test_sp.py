import math

import pytest
import torch

from autodistill.losses.sp import SimilarityPreserving


def test_two_rows_by_hand() -> None:
    # student rows across each other: unit rows (1, 0), (0, 1); teacher rows the same: (1, 1) / sqrt 2 twice
    value = SimilarityPreserving()(torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.ones(2, 3))

    half = 1 / math.sqrt(2)
    assert value.item() == pytest.approx(2 * ((1 - half) ** 2 + half**2) / 4)


def test_a_rotation_and_a_scale_of_the_student_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(SimilarityPreserving()(turned, teacher), SimilarityPreserving()(student, teacher), rtol=1e-4, atol=1e-6)
