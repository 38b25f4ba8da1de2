"""Augmentations: modified copies of texts or images, stored like rows.

A member implements `change`; `rows` applies it to every text, split into words at whitespace, or to
every image. Copies are made once. The result depends only on the text or image, the view, the seed
and the knobs, not on the other rows or their order.
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
    """A transformation that changes a row and preserves its meaning."""

    reads: ClassVar[str]
    """Modality that it reads: texts or images."""

    variables: ClassVar[tuple[str, ...]] = ()
    """Environment variables with the folders of the networks that it needs."""
    rate: float
    """Share of the words, or of the image, that a view changes."""
    views: int
    """Augmented copies of each row, trained on in addition to the row itself."""

    @abstractmethod
    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """Copy number `view` (from 0) of these rows; labels and order are kept."""

    def _seed(self, row: str, view: int, seed: int, place: int) -> str:
        return f"{type(self).__name__} {self.rate} {view} {seed} {place} {row}"


class TextAugmentation(Augmentation):
    """A transformation of texts."""

    reads: ClassVar[str] = "texts"

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """The rows with both texts of a pair changed independently."""
        first = tuple(self._text(text, view, seed, 0) for text in rows.first)
        second = (
            None
            if rows.second is None
            else tuple(self._text(text, view, seed, 1) for text in rows.second)
        )
        return Rows(first, second, rows.labels, rows.origin)

    @abstractmethod
    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The changed words of one text; a text without words is returned unchanged.

        A member may drop, reorder or replace words; it returns a sequence.
        """

    def _text(self, text: str, view: int, seed: int, place: int) -> str:
        draw = random.Random(self._seed(text, view, seed, place))
        return " ".join(self.change(text.split(), draw))


class ImageAugmentation(Augmentation):
    """A transformation of images."""

    reads: ClassVar[str] = "images"

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        """The rows with changed images of the same size, and new names for them."""
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
    """The number of words to change: `rate` of them, at least one of two or more."""
    return max(1, round(rate * words)) if words > 1 else 0
