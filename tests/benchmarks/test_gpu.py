"""A card beside the CPU, measured with the CPU in the card's place."""

from typing import Any

import pytest
import torch

from autodistill.runtime.device import CPU
from benchmarks.gpu import gap, growth, loss_at


def test_a_gap_is_relative_to_one_plus_the_size() -> None:
    assert gap(torch.tensor([0.0, 3.0]), torch.tensor([0.1, 3.2])) == pytest.approx(0.1)


def test_a_loss_and_its_slope_are_the_same_every_time() -> None:
    first, again = (loss_at("kl", CPU, seed) for seed in (2, 3))

    assert [gap(a, b) for a, b in zip(first, again)] == [0.0, 0.0]
    assert first[1].abs().sum() > 0


def test_the_memory_of_a_card_is_not_measured_on_a_cpu() -> None:
    data: Any = type("Data", (), {"device": CPU})()

    assert growth(data, data, 8, 2, print) is None
