import numpy as np

from autodistill.components.transfers import Known
from autodistill.components.transfers.llkd import Llkd

LABELS = np.array([0, 0, 0, 0, 1, 1])
TEACHER = (np.array([5.0, 5.0, 0.1, 0.1, 5.0, 5.0])[:, None] * np.eye(2)[LABELS]).astype(np.float32)


def begun(explore: float = 0.1) -> Llkd:
    transfer = Llkd(explore=explore)
    transfer.begin(Known(LABELS, TEACHER))
    return transfer


def test_a_teacher_is_sure_where_it_is_surer_than_on_the_mean_row_of_the_class() -> None:
    assert begun().sure.tolist() == [True, True, False, False, True, True]


def test_every_row_is_needed_before_the_student_has_seen_any() -> None:
    assert begun().needed().all()


def test_rows_that_the_student_knows_are_not_needed() -> None:
    transfer = begun()

    transfer.hear(np.arange(6), np.array([0.1, 2.0, 0.1, 2.0, 3.0, 0.2]), np.ones(6, dtype=bool))

    # means of the losses by class: 1.05 and 1.6
    assert transfer.needed().tolist() == [False, True, False, True, True, False]


def test_most_visits_go_to_needed_rows_of_which_the_teacher_is_sure() -> None:
    transfer = begun(explore=0.1)
    transfer.hear(np.arange(6), np.array([0.1, 2.0, 0.1, 2.0, 3.0, 0.2]), np.ones(6, dtype=bool))

    visits = np.bincount(transfer.draw(0.5, 60, np.random.default_rng(0)), minlength=6)

    # one visit of each row, 54 of rows 1 and 4
    assert visits.tolist() == [1, 28, 1, 1, 28, 1]
