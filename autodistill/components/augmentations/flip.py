"""Images mirrored left to right.

Source   Simonyan and Zisserman 2015, arXiv:1409.1556, section 3.1.
Idea     A car is a car from either side.
Inputs   images whose left and right may be exchanged: no digits, no letters.
Units    share of the images that are mirrored.
Differs  sampled once per view and stored, so that the teacher is queried about it only once.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.registry.ranges import OneOf


class Flip(ImageAugmentation):
    """Each image is mirrored independently with probability `rate`."""

    reads: ClassVar[str] = "images"

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.5, 0.75)] = 0.5,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, image: Image, draw: np.random.Generator) -> Image:
        """The image, possibly mirrored."""
        return image[:, ::-1] if draw.random() < self.rate else image
