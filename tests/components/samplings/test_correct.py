import numpy as np

from autodistill.components.samplings import Known
from autodistill.components.samplings.correct import Correct

LABELS = np.array([0, 1, 0, 1])


def test_rows_that_the_teacher_gets_right_come_equally_often_and_others_never() -> None:
    sampling = Correct()
    sampling.begin(Known(LABELS, np.array([[1, 0], [0, 1], [0, 1], [0, 2]], dtype=np.float32)))

    drawn = np.concatenate(
        [sampling.draw(step / 3, 4, np.random.default_rng(step)) for step in range(3)]
    )

    assert np.bincount(drawn).tolist() == [4, 4, 0, 4]


def test_a_teacher_that_is_always_wrong_leaves_all_rows() -> None:
    sampling = Correct()
    sampling.begin(Known(LABELS, -np.eye(2, dtype=np.float32)[LABELS]))

    assert sorted(sampling.draw(0.0, 4, np.random.default_rng(0)).tolist()) == [0, 1, 2, 3]
