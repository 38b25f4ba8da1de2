"""Studies side by side, each number beside the record that it is of."""

from dataclasses import replace

import pytest

from autodistill.registry import families
from autodistill.report.compare import compare_table, remark
from autodistill.study.results import StudyResult
from tests.report.studied import studied


@pytest.fixture(scope="module")
def studies() -> dict[str, StudyResult]:
    """A study, and one of another dataset that has no complete run."""
    other = studied("films.csv")
    return {"first": studied(), "second": replace(other, outcomes=other.outcomes[-2:])}


def test_a_row_has_question_answer_and_price(studies: dict[str, StudyResult]) -> None:
    table = compare_table(studies)

    row = dict(zip([c.name for c in table.columns], table.rows[0]))
    scores = {o.number: o.score for o in studies["first"].outcomes}
    assert (row["study"], row["dataset"], row["teacher"]) == ("first", "reviews.csv", "embedded")
    assert row["student's score"] == pytest.approx(scores[2])
    gain = (scores[2] or 0.0) - (scores[4] or 0.0)
    assert str(row["gain of distillation"]).startswith(f"{gain:+.4f}")
    assert (row["size"], row["latency"], row["trials"], row["search"]) == (4.0, 0.07, 9, 55.0)


def test_a_study_without_a_complete_run_has_empty_cells(studies: dict[str, StudyResult]) -> None:
    table = compare_table(studies)

    row = dict(zip([c.name for c in table.columns], table.rows[1]))
    assert row["student's score"] is None
    assert row["trials"] == 2


def test_scores_of_different_datasets_are_not_to_be_compared(
    studies: dict[str, StudyResult],
) -> None:
    assert "not a better student" in remark(studies)
    assert remark({"a": studies["first"], "b": studies["first"]}) == ""


def test_the_figure_has_a_line_for_each_study_that_has_a_front(
    studies: dict[str, StudyResult],
) -> None:
    member = families.build("figures", "compare", {})

    figure = member.draw({"a": studies["first"], "b": studies["first"], **studies}, {})

    lines = [trace.name for trace in figure.data if trace.showlegend]
    stars = [trace.name for trace in figure.data if trace.marker.symbol == "star"]
    assert lines == stars == ["a", "b", "first"]


def test_one_study_stands_beside_nothing(studies: dict[str, StudyResult]) -> None:
    member = families.build("figures", "compare", {})

    assert member.draw({"a": studies["first"]}, {}) is None
    assert member.tables({"a": studies["first"]}) == []
