"""Mirrored images."""

import numpy as np
import pytest

from autodistill.components.augmentations.flip import Flip


@pytest.mark.parametrize("rate", [0.5, 0.75])
def test_a_share_of_the_images_is_mirrored_left_for_right(rate: float) -> None:
    image = np.arange(1, 193, dtype=np.uint8).reshape(8, 8, 3)

    found = [Flip(rate=rate).change(image, np.random.default_rng(seed)) for seed in range(400)]

    mirrored = [np.array_equal(f, image[:, ::-1]) for f in found]
    assert all(m or np.array_equal(f, image) for f, m in zip(found, mirrored))
    assert np.mean(mirrored) == pytest.approx(rate, abs=0.11)  # four deviations and more
