import math

import pytest

from autodistill.components.losses import auto_scale


@pytest.mark.parametrize(
    ("hard", "feature", "expected"),
    [
        (0.7, 350.0, 0.002),
        (1e-6, 1.0, 1e-4),
        (3.0, 1e-6, 1e4),
        (1.0, 0.0, 1e4),
        (1.0, math.inf, 1e-4),
    ],
)
def test_the_ratio_is_kept_inside_its_limits(hard: float, feature: float, expected: float) -> None:
    assert auto_scale(hard, feature) == pytest.approx(expected)


def test_a_loss_that_is_not_a_number_does_not_hide() -> None:
    assert math.isnan(auto_scale(1.0, math.nan))
