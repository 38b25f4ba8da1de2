"""Swing with noise: a row by hand, and noise that is the same in every pass."""

import pytest
import torch

from autodistill.components.targets.swing import Swing
from autodistill.components.targets.swing_noise import SwingNoise, noise_of
from autodistill.study import spaces
from autodistill.study.rules import Conditions

LABELS = torch.tensor([0, 1])


def test_a_row_by_hand() -> None:
    logits, noise = torch.tensor([[3.0, 0.0], [3.0, 0.0]]), torch.tensor([[1.0, -1.0], [2.0, 4.0]])

    found = SwingNoise(sigma=2.0).noised(logits, torch.tensor([0.0, 0.25]), noise)

    assert found.tolist() == [[3.0, 0.0], [4.0, 2.0]]


def test_a_row_gets_the_same_noise_in_every_batch() -> None:
    logits = torch.randn(40, 3, generator=torch.manual_seed(0))

    noise = noise_of(logits)

    assert torch.equal(noise_of(logits[[7, 3]]), noise[[7, 3]])
    assert noise.mean().item() == pytest.approx(0.0, abs=0.3)
    assert noise.std().item() == pytest.approx(1.0, abs=0.2)
    assert len(set(noise.flatten().tolist())) == noise.numel()


def test_without_noise_it_is_swing_and_without_personal_words_nothing_changes() -> None:
    logits, shares = torch.tensor([[3.0, 0.0], [1.0, 2.0]]), torch.tensor([0.5, 0.25])

    plain = Swing(kappa=2.0).revise(logits, LABELS, shares)

    assert torch.equal(SwingNoise(kappa=2.0, sigma=0.0).revise(logits, LABELS, shares), plain)
    blurred = SwingNoise(kappa=2.0, sigma=0.5)
    assert torch.equal(blurred.revise(logits, LABELS, torch.zeros(2)), logits)
    assert torch.equal(blurred.revise(logits, LABELS), logits)


def test_no_search_chooses_it_where_none_measures_privacy() -> None:
    removed = spaces.space("everything").fit(Conditions()).removed

    assert removed["target.swing_noise"].startswith("it gives up score for privacy")
