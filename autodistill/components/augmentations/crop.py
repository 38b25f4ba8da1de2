"""Random crop of a zero-padded image.

Source   He et al. 2016, arXiv:1512.03385, section 4.2 (4 pixels of 32, black border).
Idea     The class does not depend on the exact position of the object.
Inputs   images; of little use for scans that are always centred alike.
Units    the largest shift, as a share of height and width; at least one pixel.
Differs  sampled once per view and stored, so that the teacher is queried about it only once.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.datasets._tables import moved
from autodistill.registry.ranges import OneOf


class Crop(ImageAugmentation):
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
        """The shifted image."""
        return moved(image, draw, mirror=False, share=self.rate)
