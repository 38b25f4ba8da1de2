"""The cost of a search before it runs.

Expected shares of early stopping, counts of runs, and the smallest difference that shows.
"""

import math
import random
import time
from dataclasses import replace

import pytest

from autodistill.prepare.quantities import parse_seconds
from autodistill.search.cost import Plan, detectable
from autodistill.search.early_stopping import (
    FULL_AT_FIRST,
    full_runs,
    halving_shares,
    runs_within,
)
from autodistill.search.plan_lines import lines
from autodistill.study.study import Budget

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
        seen = [draw.random()]  # the default recipe came first
        for place in range(runs):
            spent[place] += 2 / 4
            seen.append(draw.random())
            if seen[-1] >= sorted(seen, reverse=True)[max(0, len(seen) // 2 - 1)]:
                spent[place] += 2 / 4

    expected = halving_shares(runs)

    assert sum(spent) / games == pytest.approx(sum(expected), rel=0.05)


def test_few_runs_are_all_full_and_many_cost_about_three_quarters() -> None:
    assert full_runs(FULL_AT_FIRST) == FULL_AT_FIRST
    assert 0.75 < full_runs(200) / 200 < 0.85
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


@pytest.mark.parametrize("share", [0.0, 0.15, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("workers", [1, 2, 7, 64])
@pytest.mark.parametrize("seconds", [0.4, 3.0, 77.0, 4000.0])
def test_the_budget_that_is_proposed_suffices(seconds: float, workers: int, share: float) -> None:
    asked = replace(
        PLAN,
        runs=1,
        trial_seconds=seconds,
        workers=workers,
        budget=Budget(seconds=10.0, closing_share=share),
    )

    proposed = parse_seconds(asked.enough().removeprefix("--budget "))

    assert proposed is not None
    # runs that turn out 30 % longer than those that were timed still fit
    runs, closing = runs_within(proposed, 1.3 * seconds, workers, share)
    after = replace(
        asked,
        runs=runs,
        closing_share=closing / runs,
        budget=Budget(seconds=proposed, closing_share=share),
    )
    assert runs >= 12
    assert [w for w in after.warnings() if "seed" in w] == (
        ["no leader will be repeated with a fresh seed; give --repeat-fraction 0.25 instead of 0"]
        if share == 0
        else []
    )


def test_where_trials_are_counted_more_trials_are_proposed() -> None:
    few = replace(PLAN, runs=5, budget=Budget(trials=5))
    both = replace(PLAN, runs=5, budget=Budget(trials=5, seconds=60.0))

    assert few.enough() == "--trials 16"
    assert both.enough().startswith("--trials 16 and --budget ")


def test_the_students_share_of_a_budget_is_added_to_what_is_proposed() -> None:
    left = replace(PLAN, runs=5, budget=Budget(seconds=700.0), budget_share=0.7)

    # 16 runs of 78 s on two workers are 624 s, less than there is: 700 s of 1,000 s are 17 minutes
    assert left.enough() == "--budget 17m"


def test_a_million_runs_are_planned_in_milliseconds() -> None:
    begin = time.perf_counter()

    full_runs(10**6)
    full_runs(10**18)
    runs_within(24 * 3600.0, 0.01, workers=16)

    assert time.perf_counter() - begin < 0.1


def test_runs_beyond_those_that_are_counted_one_by_one_go_on_smoothly() -> None:
    shares = halving_shares(20_000)

    assert full_runs(20_004, 0.0) == pytest.approx(FULL_AT_FIRST + shares.sum(), rel=1e-3)
    assert runs_within(full_runs(20_004, 0.0), 1.0, 1, 0.0)[0] == pytest.approx(20_004, abs=2)


def test_all_seconds_are_the_sum_of_its_parts() -> None:
    assert PLAN.teacher_seconds == 360.0
    assert PLAN.seconds == 1570.0
    assert PLAN.to_dict()["seconds"] == 1570.0
    assert PLAN.fresh_seeds == 2.5


def test_a_budget_that_answers_gets_no_warning_and_the_others_say_what_to_give() -> None:
    assert PLAN.warnings() == []
    few = replace(PLAN, runs=5, budget=Budget(seconds=60.0)).warnings()
    assert "only about 5 runs fit" in few[0]
    assert "--budget" in few[0]
    assert "no leader will be repeated with a fresh seed" in replace(PLAN, runs=13).warnings()[0]
    assert "300 validation rows are few" in replace(PLAN, selection_rows=300).warnings()[-1]


def test_a_budget_is_proposed_for_runs_of_the_fewest_steps_not_for_the_shorter_ones_that_fit() -> (
    None
):
    short = replace(PLAN, runs=4, trial_seconds=15.0, budget=Budget(seconds=60.0))

    before, now = (
        parse_seconds(plan.enough().removeprefix("--budget "))
        for plan in (short, replace(short, least_trial_seconds=60.0))
    )

    assert before is not None
    assert now is not None
    assert now == pytest.approx(4 * before, rel=0.2)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "no fresh seed)"),
        (0.05, "a fresh seed for 50% of the leaders)"),
        (0.1, "1.0 fresh seeds for each leader)"),
    ],
)
def test_a_plan_says_that_few_leaders_or_none_are_repeated(share: float, told: str) -> None:
    assert told in "\n".join(lines(replace(PLAN, closing_share=share)))
