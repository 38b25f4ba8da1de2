"""Crops against a shift by hand."""

import numpy as np

from autodistill.components.augmentations.crop import Crop


def test_every_shift_up_to_an_eighth_comes_up_with_a_black_border() -> None:
    image = np.arange(1, 193, dtype=np.uint8).reshape(8, 8, 3)
    wide = np.zeros((10, 10, 3), dtype=np.uint8)
    wide[1:9, 1:9] = image
    shifts = {wide[t : t + 8, left : left + 8].tobytes() for t in range(3) for left in range(3)}

    found = {
        Crop(rate=0.125).change(image, np.random.default_rng(seed)).tobytes() for seed in range(200)
    }

    assert found == shifts
