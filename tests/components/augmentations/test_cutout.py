"""Squares painted over."""

import numpy as np
import pytest

from autodistill.components.augmentations.cutout import Cutout


@pytest.mark.parametrize(("rate", "side"), [(0.25, 2), (0.5, 4)])
def test_a_square_of_the_mean_colour_is_painted_and_may_reach_beyond_the_edge(
    rate: float, side: int
) -> None:
    image = np.random.default_rng(0).integers(0, 255, (8, 8, 3)).astype(np.uint8)
    mean = image.mean((0, 1)).round().astype(np.uint8)
    sizes = set()

    for seed in range(300):
        found = Cutout(rate=rate).change(image, np.random.default_rng(seed))
        painted = (found != image).any(2)
        assert (found[painted] == mean).all()
        rows, columns = np.flatnonzero(painted.any(1)), np.flatnonzero(painted.any(0))
        assert np.ptp(rows) < side
        assert np.ptp(columns) < side
        sizes.add(int(painted.sum()))

    assert max(sizes) == side * side
    assert min(sizes) < side * side
