import numpy as np
import pytest

from autodistill.training.agreement import (
    agreement,
    brier,
    calibration_error,
    inherited_errors,
    mean_kl,
)

LABELS = np.array([0, 0, 1, 1])
STUDENT = np.log(np.array([[0.8, 0.2], [0.4, 0.6], [0.4, 0.6], [0.8, 0.2]]))
TEACHER = np.log(np.array([[0.9, 0.1], [0.3, 0.7], [0.6, 0.4], [0.2, 0.8]]))


def test_four_rows_by_hand() -> None:
    # the teacher is wrong on the second and the third row; the student shares the second error only
    assert agreement(STUDENT, TEACHER) == 0.5
    assert inherited_errors(STUDENT, TEACHER, LABELS) == 0.5
    # (.2^2 + .2^2 + .6^2 + .6^2 + .4^2 + .4^2 + .8^2 + .8^2) / 4
    assert brier(STUDENT, LABELS) == pytest.approx(0.6)
    # confidences .8, .6, .6, .8: half of the rows right in both bins, gaps .3 and .1
    assert calibration_error(STUDENT, LABELS) == pytest.approx(0.2)


def test_a_teacher_that_is_always_right_leaves_no_errors() -> None:
    assert inherited_errors(STUDENT, np.eye(2)[LABELS], LABELS) is None


def test_the_divergence_of_one_row_by_hand() -> None:
    value = mean_kl(np.log(np.array([[0.5, 0.5]])), np.log(np.array([[0.75, 0.25]])))

    assert value == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5))
