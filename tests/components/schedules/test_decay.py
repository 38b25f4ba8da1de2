import pytest

from autodistill.components.schedules.decay import Decay


def test_the_weight_falls_by_equal_steps() -> None:
    # five epochs: 1 - (e - 1) / 5
    assert [Decay().factors(e / 5).logit for e in range(5)] == pytest.approx(
        [1.0, 0.8, 0.6, 0.4, 0.2]
    )
    assert Decay().factors(0.25).feature == 0.75
