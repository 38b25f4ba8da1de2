"""How many trials run at once, and on which card; no card is needed to try it."""

from dataclasses import dataclass
from typing import Any

import pytest

from autodistill.prepare.places import CONTEXT_BYTES, at_once, held, places, trials_held
from autodistill.runtime.device import CPU, Device

ONE, TWO = Device("cuda", 1), Device("cuda", 0, like=(2,))
GB = 1_000_000_000


@dataclass(frozen=True)
class Data:
    """The inputs of a trial, as far as places look at them."""

    device: Device


def devices(device: Device, workers: int, on_card: int | None) -> list[tuple[str, float]]:
    """The device of each place, with its share of the card's memory."""
    data: Any = Data(device)
    return [(p.device.place, p.device.memory_share) for p in places(data, workers, on_card)]


def test_trials_that_fit_beside_each_other_leave_room_for_larger_ones() -> None:
    assert held(24 * GB, peak=2 * GB) == int(0.9 * 24 * GB / (3 * GB + CONTEXT_BYTES)) == 6


def test_one_trial_is_tried_though_it_seems_too_large() -> None:
    assert held(GB, peak=8 * GB) == 1


def test_nothing_is_known_of_a_cpus_memory() -> None:
    assert trials_held(CPU) == 0
    assert at_once(CPU, 4, trials_held(CPU)) == 4


@pytest.mark.parametrize(
    ("device", "on_card", "expected"),
    [(ONE, 3, 3), (ONE, 9, 8), (TWO, 3, 6), (TWO, 9, 8), (ONE, None, 8), (CPU, None, 8)],
)
def test_cards_hold_no_more_trials_than_their_memory_and_there_are_workers(
    device: Device, on_card: int | None, expected: int
) -> None:
    assert at_once(device, 8, on_card) == expected
    assert len(devices(device, 8, on_card)) == expected


def test_places_take_the_cards_in_turn_and_share_their_memory() -> None:
    assert devices(TWO, 3, 2) == [("cuda:0", 0.5), ("cuda:2", 1.0), ("cuda:0", 0.5)]


def test_a_single_trial_on_a_card_has_all_of_it() -> None:
    assert devices(ONE, 4, 1) == [("cuda:1", 1.0)]


def test_places_on_a_cpu_are_all_alike() -> None:
    assert devices(CPU, 2, None) == [("cpu", 1.0)] * 2
