"""The answer: how long to train in full, how sure, what is recommended."""

import pytest

from autodistill.answer import full_epochs, how_sure, recommend
from autodistill.errors import SpecError
from autodistill.record import Leader, Record
from autodistill.study import Study
from tests.records import FACTS, outcome, pipeline


def leader(number: int, *scores: float, row_error: float = 0.01) -> Leader:
    """A pipeline with these scores."""
    return Leader(pipeline(1.0 + number), scores, (number,), {"params": 1e6}, tuple(row_error for _ in scores))


def test_two_passes_over_a_large_set_ten_over_a_small_one() -> None:
    assert full_epochs(67_349) == 2
    assert full_epochs(20_000) == 5
    assert full_epochs(400) == 10


def test_how_sure_names_those_that_cannot_be_told_apart() -> None:
    # the interval of 0.90 with a row error of 0.01 and one seed is +- 0.0196: 0.89 is inside, 0.80 is not
    text = how_sure([leader(4, 0.90), leader(2, 0.89), leader(7, 0.80)])

    assert "one seed only" in text
    assert "cannot be told from 1 of the 2 others (trials 2)" in text


def test_how_sure_says_when_the_lead_is_clear() -> None:
    assert "ahead of every other" in how_sure([leader(1, 0.95, 0.951), leader(2, 0.70)])


def test_the_leader_is_recommended_with_its_evidence() -> None:
    record = Record(Study("reviews.csv", metric="accuracy"), (outcome(0, 0.8), outcome(1, 0.9)), facts=FACTS)

    recipe = recommend(record, "tiny")

    assert recipe.pipeline == pipeline(2.0)
    assert recipe.evidence["score"] == 0.9
    assert recipe.evidence["seeds"] == 1
    assert recipe.epochs == 10


def test_without_a_complete_run_nothing_is_recommended() -> None:
    with pytest.raises(SpecError, match="no complete run yet"):
        recommend(Record(Study("reviews.csv"), (outcome(0, 0.8, "stopped"),), facts=FACTS), "tiny")
