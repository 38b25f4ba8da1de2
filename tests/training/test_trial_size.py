"""Sizes of trials: rows, epochs, and the pace that they are computed from."""

from dataclasses import replace

import pytest
import torch

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import full_epochs
from autodistill.training import trial_size as sizes
from autodistill.training.trial_data import TrialData
from autodistill.training.trial_size import (
    Aim,
    Pace,
    fewest_visits,
    measure_pace,
    timed_rows,
    trial_size,
)


def test_a_trial_takes_different_rows_first_and_then_passes_over_the_same_rows() -> None:
    # 100 s * 1 worker / 36 trials - 0.5 s = 2.278 s; at 1 ms per row: 2,277 visits.
    # Twice the workers: 5,055 visits.
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)

    assert trial_size(pace, Aim(60_000, 500, workers=1), 100).rows == 2277
    few = trial_size(pace, Aim(3000, 500, workers=2), 100)

    assert (few.rows, few.epochs) == (2527, 2)
    assert few.seconds == pytest.approx(0.5 + 2 * 2527 * 1e-3)
    assert trial_size(pace, Aim(60, 500, workers=1), 1e6).epochs == full_epochs(60)


def test_no_run_has_fewer_steps_than_tell_recipes_apart_where_four_such_runs_fit() -> None:
    # four runs in 100 s on one worker: 25 s each, 24,500 visits at 1 ms; in 10 s: 2,000 visits
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(60_000, 500, workers=1, fewest_visits=4000)

    assert trial_size(pace, aim, 100).rows == 4000
    assert trial_size(pace, aim, 10).rows == 2000
    assert trial_size(pace, aim, 0.1).rows == 1000
    assert trial_size(pace, aim, 1000).rows == 27_277
    assert trial_size(pace, replace(aim, fewest_visits=20_000), None).rows == 20_000


def test_few_rows_are_seen_more_often_and_never_more_often_than_in_a_full_training() -> None:
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(500, 500, workers=1, fewest_visits=4000)

    few = trial_size(pace, aim, 100)

    assert (few.rows, few.epochs) == (500, 8)
    assert few.seconds == pytest.approx(4.5)
    assert trial_size(pace, aim, 1e6).epochs == 20


def test_the_first_runs_are_short_where_a_budget_has_room_for_longer_ones() -> None:
    # 24 runs four times as long in 1,000 s: 10.4 s each less 0.5 s; of 3,000 rows a full training
    # sees 30,000
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(60_000, 500, workers=1, fewest_visits=4000, room=24)

    assert trial_size(pace, aim, 1000).rows == 9916
    assert trial_size(pace, aim, 400).rows == 10_611  # a 36th: 4,000 rows do not fit 96 times
    few = trial_size(pace, replace(aim, learnable_rows=3000), 1e6)
    assert few.rows * few.epochs == 7500


def test_unlabelled_rows_are_learned_from_as_well() -> None:
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)

    few, many = (trial_size(pace, Aim(n, 500, 1, 4000), 100) for n in (500, 500 + 20_000))

    assert (few.rows, few.epochs) == (500, 8)
    assert (many.rows, many.epochs) == (4000, 1)


def test_many_classes_and_random_weights_need_more_steps() -> None:
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 16})
    cut, residual = (
        Pipeline(Part(name), (Term(Part("ce"), 1.0),), optimizer) for name in ("cut", "residual")
    )

    assert fewest_visits(cut, 2) == 16 * sizes.FEWEST_STEPS
    assert fewest_visits(residual, 2) == 2 * 16 * sizes.FEWEST_STEPS
    assert fewest_visits(cut, 77) > 1.5 * fewest_visits(cut, 2)


def test_judging_is_part_of_a_trials_seconds() -> None:
    # 500 + 500 rows at the early rungs, all 2,000 at the last: 3,000 looks of 0.1 ms;
    # with 300 selection rows 900 looks.
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3, judged_seconds=1e-4)

    assert pace.seconds(1000, 2000) == pytest.approx(0.5 + 1.0 + 0.3)
    assert pace.seconds(1000, 300) == pytest.approx(0.5 + 1.0 + 0.09)


def test_the_pace_is_measured_on_one_thread_and_puts_the_threads_back(
    data: TrialData, pipeline: Pipeline
) -> None:
    threads = torch.get_num_threads()

    pace = measure_pace(data, [pipeline])

    assert pace.fixed_seconds >= 0
    assert 0 < pace.row_seconds < 1
    assert 0 < pace.judged_seconds < 1
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(
    ("row_seconds", "rows"), [(1e-6, 320), (4.0 / 320, 320), (4.0 / 200, 192), (1.0, 128)]
)
def test_a_plan_times_fewer_rows_where_each_takes_long(row_seconds: float, rows: int) -> None:
    assert timed_rows(row_seconds) == rows
