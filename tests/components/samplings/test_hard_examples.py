import numpy as np

from autodistill.components.samplings import Known
from autodistill.components.samplings.hard_examples import HardExamples

LABELS = np.zeros(20, dtype=np.int64)
TEACHER = np.tile(np.array([[1, 0]], dtype=np.float32), (20, 1))


def begun(share: float, teacher: np.ndarray = TEACHER) -> HardExamples:
    sampling = HardExamples(share=share)
    sampling.begin(Known(LABELS, teacher))
    return sampling


def test_a_share_of_the_visits_goes_to_rows_that_the_student_got_wrong() -> None:
    sampling = begun(0.25)
    sampling.hear(np.array([3, 7, 11]), np.ones(3), np.array([False, True, False]))

    visits = np.bincount(
        np.concatenate([sampling.draw(0.5, 20, np.random.default_rng(n)) for n in range(4)]),
        minlength=20,
    )

    # three quarters of the 80 visits come equally to all 20 rows, the others go to rows 3 and 11
    assert np.delete(visits, [3, 11]).tolist() == [3] * 18
    assert visits[[3, 11]].sum() == 26


def test_a_row_that_is_right_again_is_not_hard_any_more() -> None:
    sampling = begun(0.3)
    sampling.hear(np.array([3]), np.ones(1), np.array([False]))
    sampling.hear(np.array([3]), np.ones(1), np.array([True]))

    assert sorted(sampling.draw(0.5, 20, np.random.default_rng(0)).tolist()) == list(range(20))


def test_what_the_teacher_gets_wrong_is_never_hard() -> None:
    sampling = begun(0.3, -TEACHER)
    sampling.hear(np.arange(20), np.ones(20), np.zeros(20, dtype=bool))

    assert sorted(sampling.draw(0.5, 20, np.random.default_rng(0)).tolist()) == list(range(20))
