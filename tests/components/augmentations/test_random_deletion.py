import random

import pytest

from autodistill.components.augmentations.random_deletion import RandomDeletion

TEN = [f"w{i}" for i in range(10)]


@pytest.mark.parametrize(("rate", "left"), [(0.1, 9), (0.3, 7), (0.5, 5)])
def test_the_rest_of_ten_words_keeps_its_order(rate: float, left: int) -> None:
    for seed in range(50):
        found = list(RandomDeletion(rate=rate).change(TEN, random.Random(seed)))

        assert found == sorted(set(found))
        assert len(found) == left


def test_of_two_words_one_stays() -> None:
    assert {tuple(RandomDeletion().change(["a", "b"], random.Random(s))) for s in range(20)} == {
        ("a",),
        ("b",),
    }


def test_every_word_goes_about_equally_often() -> None:
    kept = [RandomDeletion(rate=0.3).change(TEN, random.Random(s)) for s in range(2000)]

    # three of ten: 600 of 2,000, standard deviation sqrt(2000 * .3 * .7) = 20
    assert all(abs(sum(w not in k for k in kept) - 600) < 5 * 21 for w in TEN)
