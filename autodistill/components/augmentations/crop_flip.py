"""An image moved a little, and half of the time mirrored.

Source   He et al. 2016, arXiv:1512.03385, section 4.2: what is customary for CIFAR.
Idea     A car is a car from either side.
Inputs   images whose left and right may be exchanged: no digits, no letters.
Units    the most that an image is moved, as a share of its height and width; one pixel at least.
Differs  drawn once for each view and kept, so that the teacher is asked about it once.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.datasets._tables import moved
from autodistill.registry.ranges import OneOf


class CropFlip(ImageAugmentation):
    """Any shift is equally likely."""

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
        """The formula."""
        return moved(image, draw, mirror=True, share=self.rate)
