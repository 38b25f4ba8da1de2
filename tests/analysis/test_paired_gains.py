"""Gains over the same student alone, beside differences of the runs' own scores."""

import numpy as np
import pytest

from autodistill.analysis.paired_gains import paired_gains
from autodistill.analysis.recommendation import recommend
from autodistill.registry import families
from autodistill.report.gains import gain_table, gains_of, look_of
from autodistill.study.results import StudyResult
from tests.report.studied import LABELS, LARGE, ROWS, SMALL, answers, studied


def by_student(record: StudyResult) -> dict[str, float]:
    """The gain of each student."""
    score = families.build("metrics", "accuracy", {}).of_rows
    found = paired_gains(record, recommend(record, "films")[1], score)
    return {str(g.recipe.pipeline.student): g.interval.value for g in found}


def test_a_gain_is_the_difference_of_two_scores_of_one_student() -> None:
    scores = {o.number: o.score or 0.0 for o in studied().outcomes}

    assert by_student(studied()) == {
        str(SMALL): pytest.approx(scores[2] - scores[4]),
        str(LARGE): pytest.approx(scores[3] - scores[5]),
    }


def test_an_interval_is_at_least_as_wide_as_the_rows_alone_make_it() -> None:
    difference = (answers(0.865, 3) == LABELS).astype(float) - (answers(0.87, 5) == LABELS)
    draws = np.random.default_rng(0).integers(0, ROWS, (2000, ROWS))
    low, high = np.quantile(difference[draws].mean(axis=1), [0.025, 0.975])

    found = next(g for g in gains_of(studied(), "films") if g.recipe.pipeline.student == LARGE)

    assert found.interval.high - found.interval.low >= 0.95 * (high - low)


def test_the_gain_of_the_recommended_recipe_is_that_of_the_answer() -> None:
    record = studied()
    verdict = recommend(record, "films")[1]

    (chosen,) = [g for g in gains_of(record, "films") if g.is_recommended]

    assert verdict.gain is not None
    assert chosen.interval == verdict.gain.interval


def test_a_gain_whose_interval_holds_zero_is_not_told_from_it() -> None:
    found = {g.recipe.pipeline.student.name: look_of(g) for g in gains_of(studied(), "films")}

    assert found == {"static": "better", "cut": "not told from zero"}


def test_the_table_has_a_row_for_each_recipe_largest_gain_first() -> None:
    table = gain_table(gains_of(studied(), "films"))

    assert table is not None
    assert [row[1] for row in table.rows] == ["static", "cut"]
    assert table.marked == (0,)
