"""The spread over seeds, and the interval of new trainings."""

import numpy as np
import pytest
from scipy import stats

from autodistill.analysis.seed_spread import SeedSpread

MANY = 10**9
"""So many rows that none of them counts."""


def test_the_interval_of_one_more_run_by_hand() -> None:
    # t with 4 degrees of freedom is 2.776; the spread of a difference from a mean of 4 is
    # 0.01 * sqrt(1 + 1/4)
    low, high = SeedSpread(0.01, 4).interval(0.8, 4, rows=MANY)

    assert (low, high) == pytest.approx((0.8 - 0.03104, 0.8 + 0.03104), abs=1e-5)


def test_groups_are_pooled_with_what_is_expected_before_any_repeat() -> None:
    # variances 0.02 (one degree) and 0 (two degrees), a prior of 0.04 that counts for four
    spread = SeedSpread.pooled([(0.4, 0.6), (0.5, 0.5, 0.5), (0.9,)], 0.2)

    assert spread.freedom == 4 + 1 + 2
    assert spread.deviation == pytest.approx(((4 * 0.04 + 0.02) / 7) ** 0.5)


def test_a_new_run_lands_inside_in_95_of_100_cases() -> None:
    draw, runs, inside = np.random.default_rng(0), 3, 0
    for _ in range(4000):
        *known, new = draw.normal(0.8, 0.01, runs + 1)
        spread = SeedSpread(float(np.std(known, ddof=1)), runs - 1)
        low, high = spread.interval(float(np.mean(known)), runs, rows=MANY)
        inside += low <= new <= high

    assert stats.binomtest(inside, 4000, 0.95).pvalue > 0.01


def test_more_new_runs_have_a_mean_in_a_narrower_interval() -> None:
    widths = [np.diff(SeedSpread(0.01, 9).interval(0.8, 5, n, rows=MANY))[0] for n in (1, 3, 9)]

    assert widths == sorted(widths, reverse=True)


def test_a_perfect_score_is_not_known_better_than_to_one_row_and_none_is_above_1() -> None:
    low, high = SeedSpread(0.0, 4).interval(1.0, 2, rows=50)

    assert low < 1 - 1 / 50
    assert high == 1.0
