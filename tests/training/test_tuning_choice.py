"""Recipes that are tried for a teacher, and when another than the default is chosen."""

import numpy as np
import pytest

from autodistill.training.tuning import tuning
from autodistill.training.tuning_choice import best, candidates, cost, in_words, shortened, split


def test_each_recipe_differs_from_the_default_in_one_thing() -> None:
    default, *others = candidates(tuning(500))

    assert default == tuning(500)
    assert [in_words(how, default) for how in others] == [
        "rate 0.0001, 4 epochs",
        "rate 0.0004, 4 epochs",
        "rate 0.0002, 8 epochs",
        "rate 0.0002, 4 epochs, dropout 0.1",
        "rate 0.0002, 4 epochs, head's rate 30 times as high",
    ]


def test_rows_are_trained_on_or_judged_on() -> None:
    rows, judged = split(500, seed=0)

    assert len(judged) == 125
    assert sorted((*rows, *judged)) == list(range(500))
    assert len(split(5000, seed=0)[1]) == 1000
    assert not np.array_equal(judged, split(500, seed=1)[1])


def test_the_default_stays_unless_another_leads_by_a_standard_error() -> None:
    # of 100 rows at 0.8 and 0.85: sqrt((0.16 + 0.1275) / 100) = 0.0536
    assert best({0: 0.80, 3: 0.85}, 100) == 0
    assert best({0: 0.80, 3: 0.86}, 100) == 3
    assert best({2: 0.85, 3: 0.85}, 100) == 2  # the default fell out before


def test_the_cost_is_that_of_half_of_all_and_of_two_whole_runs() -> None:
    # five recipes of 5 epochs and one of 10, on three quarters of the rows; at worst the last
    # round is one of 5 and one of 10
    assert cost(tuning(500)) == pytest.approx(0.75 * (0.5 * 7 + 3))


def test_a_short_run_has_a_share_of_the_epochs_and_keeps_no_row_out() -> None:
    assert shortened(tuning(3000), 0.25).epochs == 1
    assert shortened(tuning(500), 0.5).epochs == 2
    assert shortened(tuning(3000), 0.25).held == 0
