"""The answer in a sentence and four numbers."""

from dataclasses import replace

import pytest

from autodistill.analysis.recommendation import recommend
from autodistill.report.headline import headline, measured_on, tiles
from autodistill.study.facts import StudyFacts
from autodistill.study.reading import Reading
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.records import FACTS, outcome

KNOWN = StudyFacts(**FACTS, teacher_params=20_000_000, pool_rows=300)


def record(*outcomes: Trial, facts: StudyFacts = KNOWN) -> StudyResult:
    """A study of these trials."""
    return StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=facts)


def said(*outcomes: Trial, facts: StudyFacts = KNOWN) -> str:
    """The headline of a study of these trials."""
    found = record(*outcomes, facts=facts)
    return headline(found, recommend(found, "tiny")[1])


def test_it_says_what_share_of_the_teacher_the_student_is_and_keeps() -> None:
    assert said(outcome(0, 0.855)) == (
        "A student with 5% of the teacher's parameters keeps 90% of its accuracy on validation "
        "rows."
    )


def test_a_teacher_of_unknown_size_is_compared_by_its_score_alone() -> None:
    facts = StudyFacts(**FACTS)

    assert said(outcome(0, 0.855), facts=facts) == (
        "A student of 4 MB keeps 90% of the teacher's accuracy on validation rows."
    )


def test_a_teacher_that_is_a_file_of_answers_has_no_size_to_be_compared_with() -> None:
    study = Study("reviews.csv", teacher="answers.csv.gz", metric="accuracy")
    found = replace(record(outcome(0, 0.855)), study=study)
    recipe, verdict = recommend(found, "tiny")

    size = next(t for t in tiles(found, verdict, recipe) if t.label == "size")

    assert (
        headline(found, verdict)
        == "A student of 4 MB keeps 90% of the teacher's accuracy on validation rows."
    )
    assert size.detail == "1 M parameters, 5% of the encoder's"
    assert dict(measured_on(found))["Teacher"] == (
        "answers.csv.gz, its answers in a file; students are cut from an encoder of 20.0 M "
        "parameters"
    )


@pytest.mark.parametrize(
    ("alone", "start"), [(0.5, "Distillation helps: +0.4"), (0.9, "Distillation is not shown to")]
)
def test_it_says_whether_distillation_helps(alone: float, start: str) -> None:
    taught = [outcome(n, 0.9) for n in range(1)]

    told = said(*taught, replace(outcome(1, alone), pipeline=taught[0].pipeline, baseline="alone"))

    assert start in told


def test_a_tile_for_score_size_and_speed_of_what_was_measured() -> None:
    timed = replace(
        outcome(0, 0.9), cost={"params": 1.5e6, "size_bytes": 6e6, "latency_ms": 0.0712}
    )
    found = record(timed)
    recipe, verdict = recommend(found, "tiny")

    shown = {t.label: (t.value, t.detail) for t in tiles(found, verdict, recipe)}

    assert shown["accuracy, validation"][0] == "0.9000"
    assert shown["accuracy, validation"][1].endswith("the teacher 0.9500")
    assert "accuracy, held-out test" not in shown
    assert shown["size"] == ("6 MB", "1.5 M parameters, 8% of the teacher's")
    assert shown["speed"] == ("0.071 ms", "per text, one CPU thread")
    assert "gain of distillation" not in shown


def test_a_reading_of_the_held_out_test_has_a_tile_beside_the_validation_score() -> None:
    found = record(outcome(0, 0.9))
    recipe, verdict = recommend(found, "tiny")
    scores = {"student_test": 0.81, "student_test_interval": [0.78, 0.84], "teacher_test": 0.92}
    reading = Reading(1, recipe.key, "2026-11-29T09:00:00+00:00", scores, 0)

    shown = {t.label: t for t in tiles(replace(found, readings=(reading,)), verdict, recipe)}

    assert shown["accuracy, held-out test"].value == "0.8100"
    assert shown["accuracy, held-out test"].detail == (
        "95% interval 0.7800 to 0.8400; the teacher 0.9200"
    )


def test_what_it_was_measured_on_names_data_teacher_space_and_versions() -> None:
    trial = replace(outcome(0, 0.9), environment={"torch": "2.13.0", "python": "3.12.1"})

    told = dict(measured_on(record(trial)))

    assert told == {
        "Data": "reviews.csv: 80 training rows, 300 unlabelled, 20 validation rows; 2 classes",
        "Teacher": "embedded, 20.0 M parameters",
        "Search space": f"{Study('reviews.csv').space}; trials: 1",
        "Versions": "torch 2.13.0, Python 3.12.1",
    }
