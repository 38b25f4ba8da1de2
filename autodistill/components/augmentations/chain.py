"""Random deletion and random swap, one after the other.

Source   He et al. 2021, arXiv:2109.11105, ordered chains of operators; the operators of Wei and Zou
         2019, arXiv:1901.11196.
Idea     Two small changes make a text more novel than one large one.
Inputs   texts of at least two words.
Units    share of the words, per operator.
Differs  only those of the source's operators that need no other network; the order is a knob.
"""

import random
from collections.abc import Sequence
from typing import Annotated

from autodistill.components.augmentations import TextAugmentation
from autodistill.components.augmentations.random_deletion import RandomDeletion
from autodistill.components.augmentations.random_swap import RandomSwap
from autodistill.registry.ranges import OneOf


class Chain(TextAugmentation):
    """The second operator applied to the output of the first, both at `rate`."""

    def __init__(
        self,
        *,
        order: Annotated[str, OneOf("swap, delete", "delete, swap")] = "swap, delete",
        rate: Annotated[float, OneOf(0.1, 0.3, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.order = order
        self.rate = rate
        self.views = views
        members = {"swap": RandomSwap(rate=rate), "delete": RandomDeletion(rate=rate)}
        self.steps = [members[name] for name in order.split(", ")]

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The words after all operators, in order."""
        for step in self.steps:
            words = step.change(words, draw)
        return words
