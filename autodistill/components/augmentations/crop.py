"""An image moved a little, as a crop of it with a border.

Source   He et al. 2016, arXiv:1512.03385, section 4.2 (4 pixels of 32, black border).
Idea     What is seen does not depend on where exactly it is.
Inputs   images; for a scan that is centred always in the same way it says little.
Units    the most that an image is moved, as a share of its height and width; one pixel at least.
Differs  drawn once for each view and kept, so that the teacher is asked about it once.
"""

from typing import Annotated, ClassVar

import numpy as np

from autodistill.components.augmentations import ImageAugmentation
from autodistill.datasets._images import Image
from autodistill.datasets._tables import moved
from autodistill.registry.ranges import OneOf


class Crop(ImageAugmentation):
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
        return moved(image, draw, mirror=False, share=self.rate)
