import math

import pytest
import torch

from autodistill.components.losses.mcmi import MCMI, spread


def test_two_answers_of_one_class_by_hand() -> None:
    loss = MCMI(strength=0.5)
    logits = torch.log(torch.tensor([[0.9, 0.1], [0.5, 0.5]]))
    loss.learn(logits, torch.tensor([0, 0]))

    divergence = [
        0.9 * math.log(0.9 / 0.7) + 0.1 * math.log(0.1 / 0.3),
        0.5 * math.log(0.5 / 0.7) + 0.5 * math.log(0.5 / 0.3),
    ]
    entropy = -(math.log(0.9) + math.log(0.5)) / 2
    torch.testing.assert_close(loss.means[0], torch.tensor([0.7, 0.3]))
    assert spread(logits, torch.tensor([0, 0]), loss.means).item() == pytest.approx(
        sum(divergence) / 2, rel=1e-5
    )
    assert loss(logits, torch.tensor([0, 0])).item() == pytest.approx(
        entropy - 0.5 * sum(divergence) / 2, rel=1e-5
    )


def test_before_it_has_learned_it_is_the_cross_entropy() -> None:
    torch.manual_seed(0)
    logits, labels = torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1])

    torch.testing.assert_close(
        MCMI()(logits, labels), torch.nn.functional.cross_entropy(logits, labels)
    )


def test_a_class_without_rows_has_an_even_mean() -> None:
    loss = MCMI()
    loss.learn(torch.randn(4, 3), torch.tensor([0, 0, 1, 1]))

    assert loss.means[2].tolist() == pytest.approx([1 / 3] * 3)
