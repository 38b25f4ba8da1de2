"""The cost of a search before it runs.

Expected shares of early stopping, counts of runs, and the smallest difference that shows.
"""

import math
import random
from dataclasses import replace

import pytest

from autodistill.search.cost import (
    FULL_AT_FIRST,
    Plan,
    detectable,
    full_runs,
    halving_shares,
    runs_within,
)

PLAN = Plan(
    start_seconds=10.0,
    tuning_seconds=300.0,
    recording_seconds=60.0,
    trial_seconds=60.0,
    rows=4000,
    epochs=1,
    train_rows=65_000,
    selection_rows=2000,
    runs=40,
    search_seconds=1200.0,
    workers=2,
    disk_bytes=10**8,
    closing_share=0.25,
    by_token={},
    token_limit=4e9,
    score=0.9,
)


def test_shares_of_a_training_are_those_of_halving_at_random() -> None:
    # the rule itself, played with random scores:
    # go on while among the better half of those that came this far
    draw, runs, games = random.Random(0), 20, 3000
    spent = [0.0] * runs
    for _ in range(games):
        first, second = [draw.random()], [draw.random()]  # the default recipe came first
        for place in range(runs):
            spent[place] += 1 / 4
            first.append(draw.random())
            if first[-1] < sorted(first, reverse=True)[max(0, len(first) // 2 - 1)]:
                continue
            spent[place] += 1 / 4
            second.append(draw.random())
            if second[-1] >= sorted(second, reverse=True)[max(0, len(second) // 2 - 1)]:
                spent[place] += 2 / 4

    expected = halving_shares(runs)

    assert sum(spent) / games == pytest.approx(sum(expected), rel=0.05)


def test_few_runs_are_all_full_and_many_cost_about_six_tenths() -> None:
    assert full_runs(FULL_AT_FIRST) == FULL_AT_FIRST
    assert 0.6 < full_runs(200) / 200 < 0.7
    assert all(full_runs(n) < full_runs(n + 1) for n in range(1, 60))


def test_as_many_runs_as_fit_with_the_closing_share_of_the_time_for_repeats_at_full_length() -> (
    None
):
    # 1,200 s hold 40 full trainings of 60 s on two workers:
    # a quarter of them are repeats, 30 are left to explore
    fitting, closing = runs_within(1200.0, 60.0, workers=2)

    assert closing == 10
    assert full_runs(fitting - closing, 0.0) <= 30 < full_runs(fitting - closing + 1, 0.0)
    assert runs_within(1200.0, 60.0, workers=2, closing_share=0.0)[1] == 0
    assert runs_within(1.0, 60.0, workers=2) == (1, 0)


def test_the_detectable_difference_is_of_rows_and_seeds() -> None:
    # 2.8 * sqrt(0.8 * 0.1 / 2000 + 2 * 0.1 * 0.9 / 2000 / 2) = 2.8 * sqrt(4e-5 + 4.5e-5) = 0.02581
    assert detectable(2000, 0.9, 2) == pytest.approx(0.025815, rel=1e-4)
    assert detectable(8000, 0.9, 2) == pytest.approx(detectable(2000, 0.9, 2) / 2)
    assert detectable(2000, 0.9, 1e9) == pytest.approx(2.8 * math.sqrt(4e-5))


def test_all_seconds_are_the_sum_of_its_parts() -> None:
    assert PLAN.teacher_seconds == 360.0
    assert PLAN.seconds == 1570.0
    assert PLAN.to_dict()["seconds"] == 1570.0
    assert PLAN.fresh_seeds == 2.5


def test_a_budget_that_answers_gets_no_warning_and_the_others_say_what_to_give() -> None:
    assert PLAN.warnings() == []
    few = replace(PLAN, runs=5).warnings()
    assert "only about 5 runs fit" in few[0]
    assert "--budget" in few[0]
    assert "no leader will be repeated with a fresh seed" in replace(PLAN, runs=13).warnings()[0]
    assert "300 validation rows are few" in replace(PLAN, selection_rows=300).warnings()[-1]
