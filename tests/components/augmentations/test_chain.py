import random

import pytest

from autodistill.components.augmentations.chain import Chain

WORDS = [str(i) for i in range(10)]


@pytest.mark.parametrize("order", ["swap, delete", "delete, swap"])
def test_both_operators_have_their_share(order: str) -> None:
    left = Chain(order=order, rate=0.3).change(WORDS, random.Random(0))

    assert len(left) == 7  # three of ten words are left out
    assert list(left) != sorted(left, key=int)  # and some have changed places


def test_the_order_matters() -> None:
    one, other = (
        Chain(order=order, rate=0.3).change(WORDS, random.Random(0))
        for order in ("swap, delete", "delete, swap")
    )

    assert one != other


def test_a_single_word_stays() -> None:
    assert list(Chain().change(["word"], random.Random(0))) == ["word"]
