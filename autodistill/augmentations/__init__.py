"""Augmentations: changed copies of texts, made once and kept like rows.

A member writes `change`; `rows` applies it to every text, whose words stand between spaces. What comes out depends on the text, the
view, the seed and the knobs alone, neither on the other rows nor on their order.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from autodistill.tasks import Rows


class Augmentation(ABC):
    """One way of changing a text and keeping its meaning."""

    variables: ClassVar[tuple[str, ...]] = ()
    """Environment variables that name the folders of networks that it needs."""
    rate: float
    """Share of the words that a view changes."""
    views: int
    """Copies of each row that are trained on beside the row itself."""

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """The copy number `view` (from 0) of these rows; both texts of a pair are changed, each on its own; labels and order stay."""
        first = tuple(self._text(text, view, seed, 0) for text in rows.first)
        second = None if rows.second is None else tuple(self._text(text, view, seed, 1) for text in rows.second)
        return Rows(first, second, rows.labels, rows.origin)

    @abstractmethod
    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The changed words of one text, none of them new; a text of no words stays."""

    def _text(self, text: str, view: int, seed: int, place: int) -> str:
        draw = random.Random(f"{type(self).__name__} {self.rate} {view} {seed} {place} {text}")
        return " ".join(self.change(text.split(), draw))


def count_of(rate: float, words: int) -> int:
    """How many of so many words this is: at least one, where there are two."""
    return max(1, round(rate * words)) if words > 1 else 0
