import numpy as np
import pytest

from autodistill.components.samplings import Known
from autodistill.components.samplings.difference import Difference

LABELS = np.zeros(4, dtype=np.int64)
TEACHER = np.array([[3, 0], [3, 0], [0, 3], [0, 0]], dtype=np.float32)
REFERENCE = np.array([[3, 0], [0, 3], [0, 3], [0, 0]], dtype=np.float32)


def test_what_only_the_teacher_knows_comes_first_and_equal_rows_by_chance() -> None:
    sampling = Difference(keep=0.3)
    sampling.begin(Known(LABELS, TEACHER, REFERENCE))

    # row 1 is easy for the teacher and hard for the reference; on the others both are alike
    assert sampling.kept.tolist() == [1]


def test_all_is_kept_at_one() -> None:
    sampling = Difference(keep=1.0)
    sampling.begin(Known(LABELS, TEACHER, REFERENCE))

    assert sorted(sampling.draw(0.0, 4, np.random.default_rng(0)).tolist()) == [0, 1, 2, 3]


def test_equal_models_leave_the_choice_to_chance() -> None:
    sampling = Difference(keep=0.5)
    labels = np.arange(100) % 2
    sampling.begin(
        Known(labels, np.eye(2, dtype=np.float32)[labels], np.eye(2, dtype=np.float32)[labels])
    )

    assert len(sampling.kept) == 50
    assert sampling.kept.mean() == pytest.approx(49.5, abs=10)
