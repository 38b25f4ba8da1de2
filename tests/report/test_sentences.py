"""Sentences on a verdict: how sure, what distillation gained, how student and teacher differ."""

import re
from dataclasses import replace

import numpy as np
import pytest

from autodistill.analysis.recommendation import recommend
from autodistill.analysis.verdict import Verdict
from autodistill.errors import SpecError
from autodistill.report import sentences
from autodistill.report.sentences import distillation_gain, how_sure
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.records import FACTS, outcome


def verdict(*outcomes: Trial) -> Verdict:
    """The verdict on a study of these trials."""
    return recommend(
        StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=StudyFacts(**FACTS)),
        "tiny",
    )[1]


def alone(number: int, score: float) -> Trial:
    """The same student without a teacher."""
    return replace(outcome(number, score), baseline="alone")


def test_how_sure_names_the_recipes_that_tie() -> None:
    # each with a row error of 0.01: 0.9 and 0.89 are within it, 0.80 is ten of them away
    text = how_sure(verdict(outcome(4, 0.90), outcome(2, 0.89), outcome(7, 0.80)))

    assert "one seed only" in text
    assert "2 of the 3 recipes compared are statistically tied" in text
    assert {"2", "4"} == set(text.split("(trials ")[1].split(";")[0].split(", "))


def test_how_sure_says_when_the_lead_is_clear() -> None:
    assert "It beats the other recipe compared by more than chance explains" in how_sure(
        verdict(outcome(1, 0.95), outcome(2, 0.70))
    )
    assert "It beats each of the 2 other recipes compared" in how_sure(
        verdict(outcome(1, 0.95), outcome(2, 0.70), outcome(3, 0.60))
    )


def test_distillation_that_hurts_leads_to_the_student_alone() -> None:
    found = verdict(outcome(1, 0.70), alone(2, 0.90))

    assert distillation_gain(found, "accuracy").startswith(
        "Distillation hurts here, so the student alone is recommended: accuracy changes by -0.2000"
    )
    assert found.recommended.baseline == "alone"


def test_distillation_that_helps_is_told_with_the_gain_and_its_interval() -> None:
    found = verdict(outcome(1, 0.90), alone(2, 0.70))

    assert re.match(
        r"Distillation helps: accuracy changes by \+0\.2000 "
        r"\(95% interval \+0\.1\d+ to \+0\.2\d+\) "
        r"compared with the student alone",
        distillation_gain(found, "accuracy"),
    )
    assert found.recommended.baseline == ""


def test_where_nothing_differs_the_answer_says_how_small_a_gain_it_would_miss() -> None:
    found = verdict(outcome(1, 0.90), outcome(2, 0.90), alone(3, 0.90))
    unseen = re.search(r"smaller than about (\d\.\d+)", distillation_gain(found, "accuracy"))

    assert found.recommended.baseline == "alone"
    assert "2 of the 2 recipes compared are statistically tied" in how_sure(found)
    assert "cheapest of them" not in how_sure(found)  # none of them is recommended
    assert unseen is not None
    assert found.gain is not None
    assert found.gain.interval.low == pytest.approx(-float(unseen[1]), abs=0.005)


def test_one_leader_ahead_is_not_called_no_difference() -> None:
    found = verdict(outcome(1, 0.90), outcome(2, 0.60), alone(3, 0.90))

    assert "No recipe differs" not in distillation_gain(found, "accuracy")


def test_a_single_leader_is_not_called_no_difference() -> None:
    found = verdict(outcome(1, 0.90), alone(2, 0.90))

    assert "no other recipe to compare it with yet" in how_sure(found)
    assert "No recipe differs" not in distillation_gain(found, "accuracy")


def test_the_gain_is_not_known_without_the_same_student_alone() -> None:
    assert distillation_gain(verdict(outcome(1, 0.90)), "accuracy").startswith("Not known: ")


def test_student_and_teacher_are_compared_row_by_row() -> None:
    labels = np.array([0, 1] * 10)
    fallen = np.where(np.arange(20) < 8, 1 - labels, labels)
    known = {
        "row_error": 0.01,
        "agreement": 0.95,
        "inherited_errors": 0.5,
        "calibration_error": 0.04,
    }
    won = replace(outcome(1, 1.0), metrics=known, predictions=as_bytes(labels))
    plain = replace(outcome(2, 0.6), predictions=as_bytes(fallen), baseline="alone")
    selection = Selection(as_bytes(labels), as_bytes(labels))
    record = StudyResult(
        Study("reviews.csv", metric="accuracy"),
        (won, plain),
        facts=StudyFacts(**FACTS),
        selection=selection,
    )

    found = recommend(record, "tiny")[1]

    assert (
        "as the teacher on 95.0% of the validation rows and repeats 50% of the teacher's errors"
        in (sentences.agreement(found))
    )
    assert "expected calibration error of the student is 0.040" in sentences.calibration(found)
    # 8 of 8 by chance: 2 / 2^8
    assert (
        "right on 8 rows that the student alone gets wrong, and wrong on 0 that the student alone "
        "gets right (McNemar test, p = 0.0078)"
    ) in sentences.row_by_row(found, selection)


def test_a_score_without_labels_says_that_it_is_agreement_with_the_teacher() -> None:
    runs = (outcome(1, 0.9), alone(2, 0.7))
    record = StudyResult(Study("texts.csv", metric="agreement"), runs, facts=StudyFacts(**FACTS))
    found = recommend(record, "tiny")[1]

    told = sentences.score(found, record)

    assert "0.9000 agreement with the teacher (95% interval" in told
    assert told.endswith(
        "No row has a label: this is how often the student predicts what the "
        "teacher predicts, not how often it is right."
    )
    assert "trained on the teacher's classes alone" in distillation_gain(found, "agreement")


def test_an_older_study_says_nothing_of_what_it_did_not_keep() -> None:
    found = verdict(outcome(1, 0.9), alone(2, 0.7))

    assert sentences.agreement(found) == ""
    assert sentences.calibration(found) == ""
    assert sentences.row_by_row(found, None) == ""
    assert sentences.teacher_effect(found) == ""


def test_the_shuffled_teacher_is_explained_where_it_is_compared() -> None:
    plain = replace(outcome(2, 0.85), baseline="vanilla")
    shuffled = replace(outcome(3, 0.75), baseline="random")

    text = sentences.teacher_effect(verdict(outcome(1, 0.9), plain, shuffled))

    assert text.startswith("Plain distillation differs in score by +0.1000 (95% interval +0.0")
    assert text.endswith("a shuffled teacher, whose predictions belong to other rows.")


@pytest.mark.parametrize(
    ("member", "text"),
    [("accuracy", "accuracy"), ("macro_f1", "macro F1"), ("matthews", "Matthews correlation")],
)
def test_a_metric_is_called_by_its_name_in_the_field(member: str, text: str) -> None:
    assert sentences.metric_name(member) == text


@pytest.mark.parametrize(
    ("source", "text"), [("glue/sst2", "glue/sst2"), ("/data/mine/reviews.csv", "reviews.csv")]
)
def test_a_path_is_called_by_its_last_part(source: str, text: str) -> None:
    assert sentences.short_name(source) == text


def test_before_a_recipe_is_complete_the_best_baseline_is_recommended_and_called_so() -> None:
    plain = replace(outcome(3, 0.70), baseline="vanilla")
    shuffled = replace(outcome(4, 0.99), baseline="random")
    found = verdict(outcome(1, 0.95, "stopped"), alone(2, 0.80), plain, shuffled)

    assert found.recommended.baseline == "alone"
    assert found.gain is None
    assert "no recipe is complete yet" in distillation_gain(found, "accuracy")


def test_the_student_of_a_shuffled_teacher_is_never_recommended() -> None:
    shuffled = replace(outcome(4, 0.99), baseline="random")

    with pytest.raises(SpecError, match=r"no complete run yet.* again with --budget \d+m"):
        verdict(outcome(1, 0.95, "failed"), shuffled)


VIEWS = {"augmentation": Part("random_swap", {"rate": 0.1, "views": 1})}


def with_views(run: Trial) -> Trial:
    """The same run with one view of each row: it takes twice as many steps."""
    return replace(run, pipeline=run.pipeline.with_stages(**VIEWS))


def test_a_gain_over_a_student_with_fewer_steps_is_not_called_the_teachers() -> None:
    found = verdict(with_views(outcome(1, 0.90)), alone(2, 0.70))

    text = distillation_gain(found, "accuracy")

    assert text.startswith("Whether distillation helps is not known yet")
    assert "had no augmented views" in text
    assert found.recommended.baseline == ""


def test_a_gain_is_measured_against_the_student_alone_with_the_same_views() -> None:
    found = verdict(with_views(outcome(1, 0.90)), alone(2, 0.70), with_views(alone(3, 0.80)))

    text = distillation_gain(found, "accuracy")

    assert text.startswith("Distillation helps: accuracy changes by +0.1000")
    assert "with the same augmentation random_swap(rate=0.1, views=1) and as many steps" in text


def test_views_that_hurt_do_not_flatter_a_recipe() -> None:
    found = verdict(with_views(outcome(1, 0.75)), alone(2, 0.90), with_views(alone(3, 0.60)))

    assert found.recommended.numbers == (2,)
