"""Random crop of a zero-padded image, mirrored with probability one half.

Source   He et al. 2016, arXiv:1512.03385, section 4.2: the standard augmentation for CIFAR.
Idea     A car is a car from either side.
Inputs   images whose left and right may be exchanged: no digits, no letters.
Units    the largest shift, as a share of height and width; at least one pixel.
Differs  sampled once per view and stored, so that the teacher is queried about it only once.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.datasets._tables import moved
from autodistill.registry.ranges import OneOf


class CropFlip(ImageAugmentation):
    """Shifts are sampled uniformly."""

    reads: ClassVar[str] = "images"

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.0625, 0.125, 0.25)] = 0.125,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, image: Image, draw: np.random.Generator) -> Image:
        """The shifted, possibly mirrored image."""
        return moved(image, draw, mirror=True, share=self.rate)
