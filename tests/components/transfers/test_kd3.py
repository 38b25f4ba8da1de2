import numpy as np
import pytest

from autodistill.components.transfers import Known
from autodistill.components.transfers.kd3 import Kd3
from autodistill.study.rules import Conditions
from autodistill.study.spaces import space

LABELS = np.array([0, 0, 1, 1])
SURE = np.array([0.9, 0.5, 0.8, 0.9])


def begun(threshold: float = 0.8, explore: float = 0.1) -> Kd3:
    """A teacher with these probabilities of its classes."""
    logits = np.log(np.where(np.eye(2)[LABELS] > 0, SURE[:, None], 1 - SURE[:, None]))
    transfer = Kd3(threshold=threshold, explore=explore)
    transfer.begin(Known(LABELS, logits.astype(np.float32)))
    return transfer


def heard(transfer: Kd3, own: list[float]) -> Kd3:
    """After the student gave these probabilities to the teacher's classes."""
    transfer.hear(np.arange(len(own)), -np.log(own), np.array(own) > 0.5)
    return transfer


def test_every_row_is_kept_before_the_student_has_seen_any() -> None:
    assert begun().kept().all()


def test_both_networks_must_reach_the_moving_threshold_by_hand() -> None:
    transfer = heard(begun(), [0.9, 0.9, 0.4, 0.8])

    # the mean is 0.75, the threshold 0.6: the teacher is not sure of row 1, the student of row 2
    assert transfer.kept().tolist() == [True, False, False, True]


def test_the_threshold_rises_with_the_student() -> None:
    transfer = heard(begun(), [0.5, 0.5, 0.5, 0.5])
    assert transfer.kept().all()  # 0.4

    heard(transfer, [0.9, 0.9, 0.9, 0.9])

    assert transfer.kept().tolist() == [True, False, True, True]  # 0.72


def test_of_rows_that_the_student_has_not_seen_the_teacher_decides() -> None:
    assert heard(begun(), [0.9]).kept().tolist() == [True, False, True, True]


@pytest.mark.parametrize("own", [[0.1, 0.2, 0.3, 0.4], [0.9, 0.9, 0.4, 0.8]])
def test_a_threshold_of_nothing_keeps_every_row(own: list[float]) -> None:
    assert heard(begun(threshold=0.0), own).kept().all()


def test_most_visits_go_to_kept_rows() -> None:
    transfer = heard(begun(explore=0.1), [0.9, 0.9, 0.4, 0.8])

    visits = np.bincount(transfer.draw(0.5, 40, np.random.default_rng(0)), minlength=4)

    assert visits.tolist() == [19, 1, 1, 19]


def test_only_a_space_that_names_it_has_it() -> None:
    assert "kd3" not in space("text").fit(Conditions(pool=True)).slots["transfer"]
    assert "kd3" in space("everything").fit(Conditions(pool=True)).slots["transfer"]
    assert "transfer" not in space("everything").fit(Conditions()).slots
