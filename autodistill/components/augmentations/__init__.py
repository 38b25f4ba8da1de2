"""Augmentations: changed copies of texts or images, made once and kept like rows.

A member writes `change`; `rows` applies it to every text, whose words stand between spaces, or to every image. What comes out depends on
the text or image, the view, the seed and the knobs alone, neither on the other rows nor on their order.
"""

import hashlib
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from autodistill.datasets import Rows
from autodistill.datasets._images import Image, named
from autodistill.registry.slots import Slot

SLOT = Slot("augmentation", 80, "stage", "none")


class Augmentation(ABC):
    """One way of changing a row and keeping its meaning."""

    reads: ClassVar[str]
    """texts | images"""

    variables: ClassVar[tuple[str, ...]] = ()
    """Environment variables that name the folders of networks that it needs."""
    rate: float
    """Share of the words, or of the image, that a view changes."""
    views: int
    """Copies of each row that are trained on beside the row itself."""

    @abstractmethod
    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """The copy number `view` (from 0) of these rows; labels and order stay."""

    def _seed(self, row: str, view: int, seed: int, place: int) -> str:
        return f"{type(self).__name__} {self.rate} {view} {seed} {place} {row}"


class TextAugmentation(Augmentation):
    """One way of changing a text."""

    reads: ClassVar[str] = "texts"

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """Both texts of a pair are changed, each on its own."""
        first = tuple(self._text(text, view, seed, 0) for text in rows.first)
        second = (
            None
            if rows.second is None
            else tuple(self._text(text, view, seed, 1) for text in rows.second)
        )
        return Rows(first, second, rows.labels, rows.origin)

    @abstractmethod
    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The changed words of one text, none of them new; a text of no words stays."""

    def _text(self, text: str, view: int, seed: int, place: int) -> str:
        draw = random.Random(self._seed(text, view, seed, place))
        return " ".join(self.change(text.split(), draw))


class ImageAugmentation(Augmentation):
    """One way of changing an image."""

    reads: ClassVar[str] = "images"

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """Images of the same size, and their new names."""
        assert rows.images is not None
        images = np.stack([self._image(*row, view, seed) for row in zip(rows.first, rows.images)])
        return Rows(tuple(map(named, images)), None, rows.labels, rows.origin, images)

    @abstractmethod
    def change(self, image: Image, draw: np.random.Generator) -> Image:
        """The changed image, of the same size."""

    def _image(self, name: str, image: Image, view: int, seed: int) -> Image:
        text = self._seed(name, view, seed, 0)
        return self.change(
            image, np.random.default_rng(list(hashlib.sha256(text.encode()).digest()))
        )


def count_of(rate: float, words: int) -> int:
    """How many of so many words this is: at least one, where there are two."""
    return max(1, round(rate * words)) if words > 1 else 0
