"""Inter-channel correlations: a text by hand, and what they do not see."""

import math

import pytest
import torch

from autodistill.components.losses.ickd import InterChannel, channels


def test_two_channels_by_hand() -> None:
    # channels (1, 1) and (0, 2) over two tokens; the third is padding
    states = torch.tensor([[[1.0, 0.0], [1.0, 2.0], [9.0, 9.0]]])

    found = channels(states, torch.tensor([[1, 1, 0]]))

    # inner products [[2, 2], [2, 4]]: rows of length sqrt(8) and sqrt(20)
    torch.testing.assert_close(
        found, torch.tensor([[[1.0, 1.0], [1.0, 2.0]]]) / torch.tensor([[2.0], [5.0]]).sqrt()
    )


def test_the_distance_is_divided_by_rows_and_width() -> None:
    student, teacher = torch.eye(2).unsqueeze(0), torch.tensor([[[1.0, 1.0], [0.0, 0.0]]])

    value = InterChannel()(student, teacher, mask=torch.ones(1, 2, dtype=torch.long))

    # rows (1, 0) and (0, 1) beside (1, 1) / sqrt 2 twice: 2 - 2 / sqrt 2 each
    assert value.item() == pytest.approx(2 * (2 - math.sqrt(2)) / 2, rel=1e-6)


def test_neither_the_order_of_tokens_nor_the_size_of_a_text_matters() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 3, 4, 5)
    mask = torch.ones(3, 4, dtype=torch.long)

    value = InterChannel()(3.0 * student.flip(1), teacher, mask=mask)

    torch.testing.assert_close(value, InterChannel()(student, teacher, mask=mask))
