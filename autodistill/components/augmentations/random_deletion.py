"""Random deletion of words.

Source   Wei and Zou 2019, arXiv:1901.11196, random deletion.
Idea     A label rarely depends on a single word.
Inputs   texts of at least two words.
Units    share of the words, at least one.
Differs  the number of deleted words is exact instead of a probability per word, so that no text
         loses all of them and none stays unchanged.
"""

import random
from collections.abc import Sequence
from typing import Annotated

from autodistill.components.augmentations import TextAugmentation, count_of
from autodistill.registry.ranges import OneOf


class RandomDeletion(TextAugmentation):
    """Deletes `rate` times the number of words; the others keep their order."""

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.1, 0.3, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The remaining words."""
        gone = set(draw.sample(range(len(words)), count_of(self.rate, len(words))))
        return [word for i, word in enumerate(words) if i not in gone]
