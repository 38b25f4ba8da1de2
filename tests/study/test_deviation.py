"""The spread of scores over seeds, pooled over recipes."""

import pytest

from autodistill.study.deviation import pooled_deviation


def test_groups_are_weighted_by_their_degrees_of_freedom() -> None:
    # sums of squares 2, 2 and nothing of a single run, over 1 + 2 degrees of freedom
    assert pooled_deviation([(1.0, 3.0), (4.0, 5.0, 6.0), (9.0,)]) == pytest.approx((4 / 3) ** 0.5)


def test_without_repeats_no_spread_is_known() -> None:
    assert pooled_deviation([(0.9,), (0.8,)]) == 0.0
