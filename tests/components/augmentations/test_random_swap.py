import random

import pytest

from autodistill.components.augmentations.random_swap import RandomSwap

TEN = [f"w{i}" for i in range(10)]


def test_two_words_are_always_exchanged() -> None:
    assert RandomSwap().change(["not", "good"], random.Random(0)) == ["good", "not"]


@pytest.mark.parametrize(("rate", "swaps"), [(0.1, 1), (0.3, 3), (0.5, 5)])
def test_a_view_has_all_the_words_and_a_swap_moves_two_of_them(rate: float, swaps: int) -> None:
    for seed in range(50):
        found = RandomSwap(rate=rate).change(TEN, random.Random(seed))

        assert sorted(found) == TEN
        moved = sum(a != b for a, b in zip(found, TEN))
        # one swap moves two words; later ones may move a word again, or back
        assert moved == 2 if swaps == 1 else moved <= 2 * swaps


def test_every_two_places_come_up() -> None:
    pairs = {
        tuple(i for i, w in enumerate(RandomSwap().change(TEN, random.Random(s))) if w != TEN[i])
        for s in range(1000)
    }

    assert len(pairs) == 45  # ten over two
