"""Honesty of a whole search's answer where the truth is planted.

The loop, sampler, database and report are real; the runs are analytic.
"""

from pathlib import Path

import numpy as np
import pytest

from autodistill.runtime.workers import Ended, Reported
from autodistill.training.trial import TrialSpec
from benchmarks.planted import PlantedPool, Truth
from benchmarks.search_ties import (
    Searched,
    better_by,
    branch,
    equal,
    search,
    searches,
    shares,
    taught,
    worse_by,
)
from tests.records import pipeline


def run_to_end(pool: PlantedPool, stop_at: int = 0) -> tuple[list[Reported], Ended]:
    """One run; told to stop at a rung, if one is given."""
    pool.start(TrialSpec(7, pipeline(), 0, 40, 1), timeout_seconds=1)
    reports: list[Reported] = []
    while pool.live:
        for event in pool.wait(0):
            if isinstance(event, Ended):
                return reports, event
            reports.append(event)
            event.reply(event.step == stop_at)
    raise AssertionError("a run ended without a word")


def test_a_planted_run_reports_every_rung_and_ends_as_a_trial_does() -> None:
    reports, end = run_to_end(PlantedPool(Truth(equal, 0)))

    assert [r.step for r in reports] == [1, 2, 4]
    assert (end.status, end.result.status) == ("done", "complete")
    assert end.result.curve == tuple((r.step, r.value) for r in reports)
    assert (
        np.mean(np.frombuffer(end.result.predictions, "<u2") == 0)
        == end.result.score
        == reports[-1].value
    )
    assert reports[0].value < reports[-1].value


@pytest.mark.parametrize(
    ("rung", "status", "seen"), [(1, "stopped", 1), (2, "stopped", 2), (4, "complete", 3)]
)
def test_a_planted_run_honours_a_stop(rung: int, status: str, seen: int) -> None:
    reports, end = run_to_end(PlantedPool(Truth(equal, 0)), stop_at=rung)

    assert end.result.status == status
    assert len(reports) == seen
    assert bool(end.result.predictions) is (status == "complete")


def test_the_same_study_is_searched_the_same_way_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = (search(Truth(equal, 3), tmp_path / name, trials=10) for name in ("a", "b"))

    assert [(o.pipeline, o.score, o.status) for o in first.record.outcomes] == [
        (o.pipeline, o.score, o.status) for o in second.record.outcomes
    ]
    assert first.text == second.text


def says_that_the_teacher_is_no_use(made: Searched) -> None:
    """In the printed answer, in the recipe and in its evidence."""
    assert taught(made.recipe.pipeline) == 0
    assert made.recipe.evidence["distillation"] in ("no", "hurts")
    assert "the student alone is recommended" in made.text
    assert "Recommended " + str(made.recipe.pipeline) in made.text
    assert "Distillation helps" not in made.text
    assert "probably helps" not in made.text


@pytest.mark.slow
def test_with_a_wrong_teacher_the_student_alone_is_recommended() -> None:
    made = searches(worse_by(2.0), 2, seed=0)

    for each in made:
        says_that_the_teacher_is_no_use(each)
    assert "Distillation hurts here" in made[0].text + made[1].text


@pytest.mark.slow
def test_where_nothing_differs_the_report_says_so() -> None:
    made = [
        m
        for m in searches(equal, 5, seed=50)
        if m.verdict.gain and m.verdict.gain.finding in ("perhaps", "no")
    ]

    assert len(made) >= 3  # `benchmarks search-ties` says how many
    assert all("was not shown to help" in each.text for each in made)
    tied = [m for m in made if len(m.verdict.ties) == len(m.verdict.leaders)]
    assert len(tied) >= len(made) - 1  # one in twenty is to be expected
    for each in tied:
        assert (
            f"{len(each.verdict.leaders)} of the {len(each.verdict.leaders)} "
            f"recipes compared are statistically tied" in each.text
        )
        assert "No recipe differs measurably from another" in each.text


@pytest.mark.slow
def test_a_better_branch_is_asked_for_more_often_found_and_leads() -> None:
    made = searches(better_by(1.2), 3, seed=100)
    found = branch(made)

    assert found["asked"] > 0.35  # one branch of four: 0.25 for a sampler that ignores scores
    assert found["stopped"] < found["others_stopped"]
    assert found["leads"] == found["recommended"] == 1
    assert all("Distillation helps" in m.text for m in made)


@pytest.mark.long
def test_over_fifty_studies_of_equal_recipes_the_tie_group_has_the_best_of_those_repeated() -> None:
    found = shares(searches(equal, 50, seed=1000), equal)

    # At a true share of 0.95, 45 of 50 and more come out in 96 % of all draws of 50 (binomial):
    # fewer would refute it.
    assert found["best_repeated_in_ties"] >= 45 / 50
    assert (
        found["helps"] <= 3 / 50
    )  # the interval's promise is 2.5 %: four or more come out in 4 % of all draws
    assert (
        found["probably"] <= 10 / 50
    )  # it begins at a chance of 0.9: one in ten is to be expected
    assert found["alone_recommended"] >= 30 / 50  # "perhaps" begins at a chance of 0.75
    # else the claim would be empty; early stopping leaves two complete pipelines in 2 of these 50
    assert found["repeated"] >= 2.8


@pytest.mark.long
def test_over_thirty_studies_a_branch_better_by_three_points_is_found_and_recommended() -> None:
    made = searches(better_by(0.45), 30, seed=2000)

    assert branch(made)["leads"] >= 0.7  # chance: 0.25
    assert branch(made)["recommended"] >= 0.4
    assert shares(made, better_by(0.45))["hurts"] == 0
