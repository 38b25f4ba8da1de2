"""Which stages are run, and what counts as reached and as noise."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.baseline.stages import Stage, climb, is_noise, reaches, standard_error


def searches(overhead: float) -> tuple[list[float], Callable[[float], float]]:
    """Budgets asked for, and a search that overruns them.

    It takes what is new of its budget and so many seconds more.
    """
    budgets: list[float] = []

    def search(budget: float) -> float:
        new = budget - (budgets[-1] if budgets else 0)
        budgets.append(budget)
        return new + overhead

    return budgets, search


def scores(*means: float) -> Callable[[], tuple[str, tuple[float, ...]]]:
    """An evaluation that gives these means, one stage after the other."""
    left: Iterator[float] = iter(means)
    return lambda: ("recipe", (mean := next(left), mean))


def test_budgets_double_until_the_score_is_reached() -> None:
    budgets, search = searches(overhead=10)

    stages = climb(search, scores(0.7, 0.75, 0.8, 0.9), 0.8, first=60, limit=10_000)

    assert budgets == [60, 120, 240]
    assert [s.seconds for s in stages] == [70, 140, 270]
    assert stages[-1] == Stage(240, 270, "recipe", (0.8, 0.8))


def test_one_stage_is_enough_when_it_reaches_the_score() -> None:
    budgets, search = searches(overhead=10)

    climb(search, scores(0.81), 0.8, first=60, limit=10_000)

    assert budgets == [60]


def test_no_stage_begins_that_could_not_end_in_the_baselines_time() -> None:
    budgets, search = searches(overhead=10)

    stages = climb(search, scores(0.1, 0.1, 0.1, 0.1), 0.8, first=60, limit=259)

    # 140 s are gone after the second stage, the third one would need 120 more: 260
    assert budgets == [60, 120]
    assert [s.mean for s in stages] == [0.1, 0.1]


def test_the_first_stage_is_always_run() -> None:
    budgets, search = searches(overhead=10)

    climb(search, scores(0.1), 0.8, first=60, limit=5)

    assert budgets == [60]


def test_a_mean_that_differs_in_the_last_digit_only_counts_as_reached() -> None:
    assert reaches(0.1 + 0.2 - 1e-16, 0.3)
    assert not reaches(0.8 - 1 / 872 / 5, 0.8)


def test_the_error_of_a_difference_is_that_of_both_means() -> None:
    # deviations divided by n: variances of the means are 0.03^2 / (5 - 1) and 0.04^2 / (5 - 1);
    # the root of their sum is 0.05 / 2
    assert standard_error((0.03, 0.04), (5, 5)) == pytest.approx(0.025)
    assert standard_error((0.03, 0.0), (5, 1)) is None


def test_a_difference_below_two_errors_is_noise() -> None:
    assert is_noise(0.01, 0.005)
    assert is_noise(-0.01, 0.005)
    assert not is_noise(0.011, 0.005)
    assert is_noise(0.5, None) is None
