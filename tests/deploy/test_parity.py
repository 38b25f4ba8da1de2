"""Comparisons of two forms of a student, and the bounds that they have to keep."""

import numpy as np

from autodistill.deploy.parity import Parity, compare
from autodistill.registry import families


def test_the_bounds_of_int8_are_points_of_the_score_and_the_same_classes() -> None:
    def fault(agreement: float, before: float | None, after: float | None) -> str:
        return Parity(1000, 1.0, agreement, before, after).fault_of_int8()

    assert fault(0.96, 0.9, 0.895) == ""
    assert "loses 0.6 points of the score (0.9000 to 0.8940)" in fault(0.99, 0.9, 0.894)
    assert "the same class for 94.0% of rows, below 95%" in fault(0.94, 0.9, 0.9)
    assert "below 98%" in fault(0.97, None, None)
    assert fault(0.98, None, None) == ""
    assert Parity(40, 1.0, 39 / 40, 1.0, 0.975).fault_of_int8() == ""  # one row
    assert "loses 5.0 points" in Parity(40, 1.0, 38 / 40, 1.0, 0.95).fault_of_int8()


def test_a_comparison_by_hand() -> None:
    before = np.array([[0.0, 1.0], [2.0, 1.0], [0.0, 0.5]], dtype=np.float32)
    after = np.array([[0.0, 1.0], [1.0, 1.5], [0.0, 0.5]], dtype=np.float32)
    metric = families.build("metrics", "accuracy", {})

    found = compare(before, after, metric, np.array([1, 1, 0]))

    assert found == Parity(3, 1.0, 2 / 3, before=1 / 3, after=2 / 3)


def test_logits_that_are_no_numbers_are_no_copy() -> None:
    assert "largest logit difference is nan" in Parity(1, float("nan"), 1.0).fault_of_float32()
