"""Budgets and limits, from Python as from the command line."""

from datetime import timedelta
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.prepare.quantities import budget_of, limits_of, parse_limits
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
