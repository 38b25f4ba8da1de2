"""How much slower a process is beside others."""

import pytest

from autodistill.training import crowding
from autodistill.training.trial_size import Pace


def test_a_process_alone_is_not_crowded() -> None:
    assert crowding.crowding(1) == 1


def test_two_are_at_most_twice_as_slow_and_never_faster() -> None:
    assert 1 <= crowding.crowding(2) <= 2


def test_it_is_the_rate_of_one_alone_over_that_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowding, "_products", {1: 900.0, 2: 600.0}.__getitem__)

    assert crowding.crowding(2) == 1.5


def test_a_crowded_trial_takes_longer_in_every_part() -> None:
    alone = Pace(1.0, 0.01, 0.001)

    assert alone.beside(1.5).seconds(100, 50) == pytest.approx(1.5 * alone.seconds(100, 50))
