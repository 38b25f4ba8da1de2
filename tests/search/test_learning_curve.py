"""Extrapolated learning curves: synthetic ones, and what the uncertainty promises."""

import numpy as np
import pytest

from autodistill.search.learning_curve import chance_of, extrapolated


def curve(limit: float, drop: float, exponent: float, steps: np.ndarray) -> np.ndarray:
    """A power law with a constant."""
    found: np.ndarray = limit - drop * steps**-exponent
    return found


def test_a_known_curve_is_continued() -> None:
    steps = np.arange(1.0, 9.0)

    end = extrapolated(steps, curve(0.9, 0.4, 1.0, steps), 16.0, noise=1e-3)

    assert end.mean == pytest.approx(0.9 - 0.4 / 16, abs=5e-3)
    assert end.deviation < 6e-3


def test_two_points_by_hand_leave_the_exponent_open() -> None:
    # through 0.7 and 0.8: exponents 1/4 and 4 lead to 0.884 and 0.806 at step 4
    end = extrapolated([1.0, 2.0], [0.7, 0.8], 4.0, noise=1e-4)

    assert 0.806 < end.mean < 0.884
    assert 0.005 < end.deviation < 0.03


def test_a_flat_curve_stays_flat_whatever_its_height() -> None:
    for height in (0.2, 0.9):
        end = extrapolated([1.0, 2.0, 3.0], [height] * 3, 4.0, noise=0.01)

        assert end.mean == pytest.approx(height, abs=1e-6)


def test_more_points_leave_less_doubt_and_more_noise_leaves_more() -> None:
    steps = np.arange(1.0, 8.0)
    values = curve(0.9, 0.3, 0.8, steps)

    by_points = [extrapolated(steps[:n], values[:n], 8.0, noise=0.01).deviation for n in (2, 4, 7)]
    by_noise = [extrapolated(steps[:3], values[:3], 8.0, noise=s).deviation for s in (0.03, 0.003)]

    assert by_points == sorted(by_points, reverse=True)
    assert by_noise == sorted(by_noise, reverse=True)


@pytest.mark.parametrize("points", [2, 3])
def test_nine_in_ten_ends_lie_within_the_interval_of_nine_tenths(points: int) -> None:
    random, steps, noise = np.random.default_rng(points), np.arange(1.0, 5.0), 0.01
    inside, apart = [], []
    for _ in range(300):
        limit, drop, exponent = random.uniform((0.6, 0.05, 0.4), (0.95, 0.4, 2.0))
        values = curve(limit, drop, exponent, steps) + noise * random.normal(size=4)
        end = extrapolated(steps[:points], values[:points], 4.0, noise=noise)
        inside.append(0.05 < end.chance(values[3]) < 0.95)
        apart.append(end.mean - values[3])

    assert 0.85 < np.mean(inside) < 0.99
    assert abs(np.mean(apart)) < 0.01


def test_errors_on_other_curves_shift_and_widen_an_estimate_by_hand() -> None:
    end = extrapolated([1.0, 2.0, 3.0], [0.5] * 3, 4.0, noise=1e-4)

    # errors 0.1 and 0.3: mean 0.2, deviation 0.1 sqrt 2, times sqrt 1.5; one degree of freedom
    spread = 0.1 * 2**0.5 * 1.5**0.5
    assert chance_of(0.7, end, [0.1, 0.3]) == pytest.approx(0.5, abs=1e-6)
    assert chance_of(0.7 + spread, end, [0.1, 0.3]) == pytest.approx(0.25, abs=1e-6)


def test_curves_of_another_form_are_covered_once_others_of_it_are_known() -> None:
    random, inside = np.random.default_rng(0), []
    starts = random.uniform(0.3, 0.6, 300)
    values = starts[:, None] + [0.0, 0.05, 0.3] + 0.02 * random.normal(size=(300, 3))
    ends = [extrapolated([1.0, 2.0], v[:2], 4.0, noise=0.02) for v in values]
    errors = [v[2] - end.mean for v, end in zip(values, ends)]

    for v, end in zip(values[20:], ends[20:]):
        inside.append(0.05 < chance_of(v[2], end, errors[:20]) < 0.95)

    assert 0.85 < np.mean(inside) < 1.0
