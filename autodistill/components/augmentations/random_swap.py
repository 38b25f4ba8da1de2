"""Random swaps of two words.

Source   Wei and Zou 2019, arXiv:1901.11196, random swap; He et al. 2021, arXiv:2109.11105, the
         operator `random` and its rates.
Idea     Most of a short text's meaning is in its words, little in their order.
Inputs   texts of at least two words.
Units    swaps per word of a text, at least one.
Differs  the two positions of a swap are always different.
"""

import random
from collections.abc import Sequence
from typing import Annotated

from autodistill.components.augmentations import TextAugmentation, count_of
from autodistill.registry.ranges import OneOf


class RandomSwap(TextAugmentation):
    """Swaps two random words, `rate` times the number of words."""

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.1, 0.3, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The words after all swaps."""
        found = list(words)
        for _ in range(count_of(self.rate, len(found))):
            i, j = draw.sample(range(len(found)), 2)
            found[i], found[j] = found[j], found[i]
        return found
