"""Budgets that are too small: a search ends with a recipe, and its advice leads on."""

import re
from pathlib import Path
from typing import Any

import pytest

from autodistill.search import forecast
from autodistill.storage import Store
from autodistill.study.recipe import Recipe
from autodistill.training.trial_size import Pace
from tests.commands import run_cli

pytestmark = pytest.mark.usefixtures("folder")


def proposed(text: str) -> list[str]:
    """The budget that a search proposes, or nothing."""
    found = re.search(r"again with --budget (\S+)", text)
    return ["--budget", found[1]] if found else []


@pytest.mark.slow
def test_following_the_advice_of_a_search_ends_with_a_recipe_and_no_advice(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    asked = ("search", "--dataset", reviews, "--teacher", teacher, "--rows", 100, "--workers", 2)
    budget, told = ["--budget", "1s"], []

    for _ in range(4):
        ran = run_cli(*asked, *budget)
        told.append(ran.err)
        assert ran.code == 0, ran.err
        assert Recipe.load(folder / "recipe.toml")
        if not (budget := proposed(ran.err)):
            break

    assert not budget, told
    record = Store("autodistill.db").record(Store("autodistill.db").studies()[0].name)
    assert record.leaders()
    assert record.baselines("alone")


def test_a_plan_proposes_a_budget_that_gets_no_warning(
    reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("plan", "--dataset", reviews, "--teacher", teacher, "--workers", 1)
    timed: list[Pace] = []
    pace_of = forecast.pace_of

    def noted(*given: Any) -> Pace:
        timed.append(pace_of(*given))
        return timed[-1]

    monkeypatch.setattr(forecast, "pace_of", noted)
    first = run_cli(*asked, "--budget", "1s")
    more = re.search(r"give --budget (\S+) or more", first.out)

    assert more, first.out
    # a machine that is a fifth slower by then, not one that another program keeps busy
    monkeypatch.setattr(forecast, "pace_of", lambda *_: timed[0].beside(1.2))
    again = run_cli(*asked, "--budget", more[1])

    assert "too few to compare" not in again.out
    assert "fresh seed;" not in again.out
