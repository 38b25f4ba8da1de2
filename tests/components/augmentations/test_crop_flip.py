"""Crops that are mirrored half of the time."""

import numpy as np

from autodistill.components.augmentations.crop import Crop
from autodistill.components.augmentations.crop_flip import CropFlip


def test_it_is_the_crop_or_its_mirror_image_about_equally_often() -> None:
    image = np.arange(1, 193, dtype=np.uint8).reshape(8, 8, 3)
    mirrored = 0

    for seed in range(400):
        plain = Crop().change(image, np.random.default_rng(seed))
        found = CropFlip().change(image, np.random.default_rng(seed))
        assert np.array_equal(found, plain) or np.array_equal(found, plain[:, ::-1])
        mirrored += not np.array_equal(found, plain)

    assert 150 < mirrored < 250  # five deviations of a fair coin
