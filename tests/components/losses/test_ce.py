import math

import torch

from autodistill.components.losses.ce import CrossEntropy


def test_the_loss_of_even_odds_and_of_three_to_one() -> None:
    logits = torch.tensor([[0.0, 0.0], [math.log(3), 0.0]])

    value = CrossEntropy()(logits, torch.tensor([1, 0]))

    # p = 1/2 and 3/4
    assert abs(value.item() - (math.log(2) + math.log(4 / 3)) / 2) < 1e-6


def test_certainty_about_the_wrong_class_stays_finite() -> None:
    assert CrossEntropy()(torch.tensor([[80.0, -80.0]]), torch.tensor([1])).item() == 160
