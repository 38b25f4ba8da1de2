"""Budgets and limits, from Python as from the command line."""

from datetime import timedelta
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.prepare.quantities import (
    budget_of,
    check_seed,
    cost_text,
    limits_of,
    over_limit,
    parse_limits,
    workers_of,
)
from autodistill.study.study import Budget


@pytest.mark.parametrize(
    ("given", "trials", "expected"),
    [
        ("20m", None, Budget(None, 1200.0)),
        ("", None, Budget(None, 1200.0)),
        ("", 5, Budget(5, None)),
        ("1h30m", 5, Budget(5, 5400.0)),
        (timedelta(seconds=90), None, Budget(None, 90.0)),
    ],
)
def test_a_budget_is_a_time_or_a_number_of_runs(
    given: Any, trials: int | None, expected: Budget
) -> None:
    assert budget_of(given, trials) == expected


@pytest.mark.parametrize(
    ("given", "trials", "told"),
    [
        ("20", None, "--budget 20: not a duration"),
        (20, None, "--budget 20: not a duration"),
        ("soon", None, "--budget soon: not a duration"),
        ("nan", None, "--budget nan: not a duration"),
        ("1e9h", None, "--budget 1e9h: "),
        ("0s", None, "--budget 0s: it has to be between a second and a year"),
        ("-5m", None, "--budget -5m: it has to be between a second and a year"),
        ("20.5", None, "--budget 20.5: not a duration"),
        ("", 10**20, "--trials 100000000000000000000: at least one run"),
        ("", 0, "at least one run"),
    ],
)
def test_what_is_no_budget_is_refused(given: Any, trials: int | None, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        budget_of(given, trials)


def test_limits_are_numbers_or_what_the_command_line_takes() -> None:
    mixed = limits_of({"params": 5e6, "size": "20MB", "latency_ms": "5ms"})

    assert mixed == parse_limits(["params=5M", "size=20MB", "latency=5ms"])


def test_every_wrong_limit_is_named() -> None:
    with pytest.raises(SpecError) as caught:
        limits_of({"parms": 5e6, "size": "big", "latency": -1, "params": True})

    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("size=30", "--limit size=30: the unit is missing; write KB, MB or GB"),
        ("latency=5", "the unit is missing; write us, ms or s"),
        ("size=30M", "'M' is no unit of it; write KB, MB or GB"),
        ("params=5MB", "'MB' is no unit of it; write a number or K, M, B"),
        ("size=-3MB", "'-3MB' is not an amount"),
        ("size=", "'' is not an amount"),
        ("size=0MB", "it must be above 0 and finite"),
        ("params=1e999", "it must be above 0 and finite"),
        ("size=nanMB", "'nanMB' is not an amount"),
        ("parms=5M", "there is no limit 'parms'"),
        ("", "there is no limit ''"),
    ],
)
def test_a_malformed_limit_is_one_message(text: str, told: str) -> None:
    with pytest.raises(SpecError) as refused:
        parse_limits([text])

    assert len(refused.value.problems) == 1
    assert told in refused.value.problems[0]


def test_limits_are_read_in_their_units_and_given_twice_refused() -> None:
    assert parse_limits(["size=1.5 GB", "params=22.6m", "latency=.5s"]) == {
        "size_bytes": 1.5e9,
        "params": 22.6e6,
        "latency_ms": 500.0,
    }
    with pytest.raises(SpecError, match="another limit of size"):
        parse_limits(["size=20MB", "Size=30MB"])


def test_costs_are_shown_in_a_unit_that_suits_them() -> None:
    assert cost_text("size_bytes", 61_234_567) == "61.2 MB"
    assert cost_text("params", 22_600_000) == "22.6M"
    assert cost_text("latency_ms", 0.25) == "250 us"
    assert over_limit("size_bytes", 61e6, 30e6) == "size 61 MB > 30 MB"
    assert over_limit("size_bytes", 30_001_000, 30e6) == "size 30.001 MB > 30 MB"


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_generators_do_not_take_is_refused(seed: int) -> None:
    with pytest.raises(SpecError, match=f"--seed {seed}: it has to be 0 to"):
        check_seed(seed)


@pytest.mark.parametrize("workers", [-1, 10_000])
def test_a_number_of_workers_that_no_machine_runs_is_refused(workers: int) -> None:
    with pytest.raises(SpecError, match=f"--workers {workers}: it has to be 1 to 256"):
        workers_of(workers)
