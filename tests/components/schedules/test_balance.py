import pytest
import torch

from autodistill.components.schedules import StepStats
from autodistill.components.schedules.balance import Balance, balanced

NOTHING = torch.zeros(1, 2)


def test_one_step_by_hand() -> None:
    # relative losses 1 and 3: shares 1/4 and 3/4; a tenth of the way from one half each
    assert balanced([0.5, 0.5], [1.0, 3.0], 0.1, 1.0) == pytest.approx([0.475, 0.525])
    # squared: 1/10 and 9/10
    assert balanced([0.5, 0.5], [1.0, 3.0], 0.1, 2.0) == pytest.approx([0.46, 0.54])


def test_it_begins_with_the_pipelines_weights_and_moves_towards_the_loss_that_lags() -> None:
    schedule = Balance(rate=0.1)
    assert schedule.factors(0.0).logit == 1.0

    schedule.hear(StepStats(1.0, 2.0, 0.8, NOTHING, NOTHING))
    # both are where they began: a tenth of the way from 0.8 to one half
    assert schedule.factors(0.1).logit * 0.8 == pytest.approx(0.77)
    for _ in range(200):
        schedule.hear(StepStats(0.25, 1.5, 0.8, NOTHING, NOTHING))

    # 1/4 and 3/4 of what they were: the teacher has three quarters
    assert schedule.factors(0.9).logit * 0.8 == pytest.approx(0.75, abs=1e-3)


def test_losses_of_nothing_leave_the_weights() -> None:
    schedule = Balance()
    for _ in range(3):
        schedule.hear(StepStats(0.0, -1.0, 0.6, NOTHING, NOTHING))

    assert schedule.factors(0.5).logit == 1.0
