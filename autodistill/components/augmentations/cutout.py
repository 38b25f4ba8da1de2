"""A square of an image painted over.

Source   DeVries and Taylor 2017, arXiv:1708.04552 (16 of 32 pixels for CIFAR-10, the square may
         reach beyond the edge).
Idea     No single part of an image should decide.
Inputs   images.
Units    the side of the square, as a share of the image's shorter side; at least one pixel.
Differs  filled with the image's own mean colour, which is roughly what black is after the source's
         normalisation; sampled once per view.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.registry.ranges import OneOf


class Cutout(ImageAugmentation):
    """The centre of the square is sampled uniformly over all pixels."""

    reads: ClassVar[str] = "images"

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.25, 0.375, 0.5)] = 0.5,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, image: Image, draw: np.random.Generator) -> Image:
        """The image with the square filled in."""
        height, width = image.shape[:2]
        side = max(1, round(self.rate * min(height, width)))
        top, left = draw.integers(0, height) - side // 2, draw.integers(0, width) - side // 2
        found = image.copy()
        found[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = (
            image.mean((0, 1)).round().astype(np.uint8)
        )
        return found
