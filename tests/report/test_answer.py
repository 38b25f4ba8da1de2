"""The answer as a value: tables with planted numbers, what is recommended, what to run next."""

from dataclasses import replace

import pytest

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.report.answer import Answer, answer_of, commands_of
from autodistill.study.facts import StudyFacts
from autodistill.study.recipe import full_epochs
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.records import FACTS, outcome, pipeline


def record(*outcomes: Trial) -> StudyResult:
    """A study of these trials."""
    return StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=StudyFacts(**FACTS))


def answer(*outcomes: Trial) -> Answer:
    """The answer of a study of these trials."""
    found = record(*outcomes)
    return answer_of(found, *recommend(found, "tiny"))


def priced(number: int, score: float, latency_ms: float) -> Trial:
    """A trial whose student takes so long."""
    cost = {"params": 1.5e6, "size_bytes": 6e6, "latency_ms": latency_ms}
    return replace(outcome(number, score), cost=cost)


def test_two_passes_over_a_large_set_ten_over_a_small_one_twenty_over_a_tiny_one() -> None:
    assert full_epochs(67_349) == 2
    assert full_epochs(20_000) == 5
    assert full_epochs(3000) == 10
    assert full_epochs(400) == 20


def test_the_leader_is_recommended_with_its_evidence() -> None:
    recipe, _ = recommend(record(outcome(0, 0.8), outcome(1, 0.9)), "tiny")

    assert recipe.pipeline == pipeline(2.0)
    assert recipe.evidence["score"] == 0.9
    assert recipe.evidence["seeds"] == 1
    assert recipe.epochs == 10


def test_a_recipe_has_the_epochs_that_its_study_began_with() -> None:
    known = record(outcome(0, 0.8), outcome(1, 0.9))

    recipe, _ = recommend(replace(known, facts=known.facts.updated(full_epochs=20)), "tiny")

    assert recipe.epochs == 20


def test_without_a_complete_run_nothing_is_recommended() -> None:
    with pytest.raises(SpecError, match="no complete run yet"):
        recommend(record(outcome(0, 0.8, "stopped")), "tiny")


def test_the_title_names_study_and_dataset() -> None:
    assert answer(outcome(0, 0.9)).title == "Distillation on reviews.csv: study tiny"


def test_the_summary_says_how_many_trials_on_which_rows_under_which_teacher() -> None:
    assert answer(outcome(0, 0.9), outcome(1, 0.8)).summary == (
        "2 trials, trained on 40 of 80 training rows and compared on 20 validation rows, where the "
        "teacher 'embedded' scores 0.9500 accuracy."
    )


def test_the_table_begins_with_the_teacher_and_ends_with_the_student_alone() -> None:
    alone = replace(priced(3, 0.70, 2.0), baseline="alone")

    table = answer(priced(1, 0.80, 2.0), priced(2, 0.90, 2.5), alone).leaders

    assert [row[:2] for row in table.texts()] == [
        ("teacher", "0.9500"),
        ("2", "0.9000"),
        ("1", "0.8000"),
        ("3", "0.7000"),
    ]
    latency = [column.name for column in table.columns].index("latency")
    assert [row[latency : latency + 3] for row in table.texts()[1:3]] == [
        ("2.50", "1.50", "6.0"),
        ("2.00", "1.50", "6.0"),
    ]
    assert table.texts()[3][-2:] == (
        "baseline",
        "the student alone, without a teacher: cut(keep=0.5) · 1·kl(temperature=4) · "
        "adamw(lr=0.0001)",
    )


def test_a_recommended_recipe_that_is_not_among_the_best_five_is_in_the_table() -> None:
    slow = [priced(n, 0.9000 - n / 10_000, 5.0) for n in range(7)]

    table = answer(*slow, priced(9, 0.89, 1.0)).leaders

    assert [row[0] for row in table.texts()] == ["teacher", "0", "1", "2", "3", "4", "9"]
    assert table.marked == (6,)
    assert table.title == "Recipes by accuracy, the best 5 and the recommended one of 8"


def test_a_column_that_no_row_has_a_value_for_is_left_out() -> None:
    names = {column.name for column in answer(outcome(1, 0.9)).leaders.columns}

    assert "latency" not in names  # was not measured
    assert "params" in names


def test_students_of_different_speed_have_a_front() -> None:
    front = answer(priced(1, 0.9, 3.0), priced(2, 0.8, 1.0), priced(3, 0.7, 2.0)).front

    assert front is not None
    assert [row[0] for row in front.rows] == [1, 2]
    assert answer(priced(1, 0.9, 3.0), priced(2, 0.8, 3.0)).front is None


def test_the_commands_lead_from_the_database_to_a_trained_student() -> None:
    write, train = commands_of("tiny", " --storage x.db")

    assert write.line == "autodistill recommend --study tiny --out recipe.toml --storage x.db"
    assert train.line == "autodistill train recipe.toml --storage x.db"
