import math

import pytest
import torch

from autodistill.components.schedules import StepStats
from autodistill.components.schedules.entropy_match import EntropyMatch, moved

SURE, UNSURE = torch.tensor([[4.0, 0.0]]), torch.tensor([[1.0, 0.0]])


def test_a_step_goes_by_its_rate_towards_the_wanted_entropy_and_stays_in_bounds() -> None:
    assert moved(2.0, 0.1, 0.5, 0.1) == pytest.approx(2 * math.exp(0.1))
    assert moved(2.0, 0.5, 0.1, 0.1) == pytest.approx(2 * math.exp(-0.1))
    assert moved(2.0, 0.5, 0.5, 0.1) == 2.0
    assert (moved(1.0, 0.5, 0.1, 0.1), moved(10.0, 0.1, 0.5, 0.1)) == (1.0, 10.0)


def test_a_teacher_is_softened_until_it_is_as_unsure_as_the_student() -> None:
    schedule = EntropyMatch(rate=0.05)

    for step in range(100):
        factor = schedule.factors(step / 100).teacher
        schedule.hear(StepStats(1.0, 1.0, 0.5, UNSURE, SURE * factor))

    assert schedule.factors(1.0).teacher == pytest.approx(
        0.25, rel=0.06
    )  # logits 4 at temperature 4 are logits 1


def test_a_teacher_less_sure_than_the_student_is_left_as_it_is() -> None:
    schedule = EntropyMatch()
    schedule.hear(StepStats(1.0, 1.0, 0.5, SURE, UNSURE))

    assert schedule.factors(0.5).teacher == 1.0
