"""A student that does not beat a simple baseline is not recommended without saying so first."""

from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from autodistill.analysis.recommendation import recommend
from autodistill.report.answer import Answer, answer_of
from autodistill.report.build import report_of
from autodistill.report.result import SearchResult
from autodistill.report.terminal import print_answer
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.simple_baselines import SimpleBaseline
from autodistill.study.study import Study
from tests.records import FACTS, outcome

ROWS = 400
LABELS = np.zeros(ROWS, dtype=np.int64)


def right(count: int) -> bytes:
    """Predictions of which so many are right, the others being wrong from the first row on."""
    return as_bytes((np.arange(ROWS) < ROWS - count).astype(np.int64))


def trial(number: int, count: int, **changes: Any) -> Trial:
    """A run with so many rows right."""
    return replace(outcome(number, count / ROWS), predictions=right(count), **changes)


def record(*trials: Trial, tfidf: int, majority: int = 200) -> StudyResult:
    """A study with these runs and simple baselines."""
    simple = [
        SimpleBaseline(kind, count / ROWS, 40, right(count)).to_dict()
        for kind, count in (("majority", majority), ("tfidf", tfidf))
    ]
    return StudyResult(
        Study("reviews.csv", metric="accuracy"),
        trials,
        facts=StudyFacts(**{**FACTS, "selection_rows": ROWS}, simple_baselines=simple),
        selection=Selection(as_bytes(LABELS), right(390)),
    )


def answer(found: StudyResult) -> Answer:
    """The answer of a study."""
    return answer_of(found, *recommend(found, "tiny"))


def printed(found: Answer) -> str:
    """The answer as a terminal shows it."""
    text = StringIO()
    print_answer(found, Console(file=text, width=200, force_terminal=False))
    return text.getvalue()


def test_a_student_that_loses_against_words_is_told_before_the_recommendation() -> None:
    found = answer(record(trial(0, 300), tfidf=360))

    assert found.caution.startswith(
        "No student beats TF-IDF with logistic regression: it scores 0.9000 accuracy (95% interval "
    )
    text = printed(found)
    assert text.index("Caution\nNo student beats") < text.index("Recommended\n")


def test_a_student_that_beats_both_is_recommended_without_a_word() -> None:
    found = answer(record(trial(0, 380), tfidf=300))

    assert found.caution == ""
    assert "Caution" not in printed(found)


def test_a_lead_that_chance_explains_is_told_with_its_interval() -> None:
    found = answer(record(trial(0, 361), tfidf=360))

    assert "is not shown to beat TF-IDF with logistic regression" in found.caution
    assert "it differs by +0.0025 (95% interval -" in found.caution


def test_a_student_that_always_says_one_class_is_told_by_both() -> None:
    found = answer(record(trial(0, 200), tfidf=360))

    assert "No student beats TF-IDF" in found.caution
    assert "Nor is it shown to beat the most frequent class (0.5000)." in found.caution


def test_a_better_trial_than_the_recommended_one_is_named() -> None:
    # the recommended student is cheaper and tied: 345 of 400 right against 352
    slow = {"params": 9e6, "size_bytes": 36e6}
    found = answer(record(trial(0, 345), trial(1, 352, cost=slow), tfidf=349))

    assert found.caution.startswith("The recommended student does not beat TF-IDF")
    assert "Trial 1 scores higher than both." in found.caution


def test_both_baselines_are_rows_of_the_table_with_score_and_interval() -> None:
    table = answer(record(trial(0, 380), tfidf=360)).leaders

    rows = {row[0]: row for row in table.texts()}
    assert rows["TF-IDF"][1] == "0.9000"
    low, high = map(float, rows["TF-IDF"][2].split(" to "))
    assert low < 0.9 < high
    assert rows["majority"][1] == "0.5000"
    assert "TF-IDF with logistic regression, fitted on 40 rows" in rows["TF-IDF"][-1]


def test_without_a_student_alone_of_its_own_a_recipe_stands_beside_another_and_each_row_once() -> (
    None
):
    other = Pipeline(Part("cut", {"keep": 1.0}), (Term(Part("ce"), 1.0),), Part("adamw"))
    alone = trial(1, 350, baseline="alone", pipeline=other)

    table = answer(record(trial(0, 380), alone, tfidf=360)).leaders

    assert [row[0] for row in table.texts()] == ["teacher", "0", "1", "TF-IDF", "majority"]


def test_the_frame_of_the_leaderboard_has_them_too() -> None:
    board: pd.DataFrame = SearchResult("tiny", record(trial(0, 380), tfidf=360)).leaderboard()

    simple = board[board.baseline.isin(["majority", "tfidf"])]
    assert dict(zip(simple.baseline, simple.score)) == {"tfidf": 0.9, "majority": 0.5}
    assert set(simple.kind) == {"baseline"}


def test_the_page_says_it_before_the_recommended_recipe() -> None:
    page = report_of({"tiny": record(trial(0, 300), tfidf=360)}, None, "report")

    assert page.index("No student beats TF-IDF") < page.index("Recommended recipe")


def test_the_recipe_s_evidence_says_whether_it_beats_them() -> None:
    for count, is_better in ((300, False), (390, True)):
        recipe, _ = recommend(record(trial(0, count), tfidf=360), "tiny")

        assert recipe.evidence["beats_simple_baselines"] is is_better
        assert recipe.evidence["simple_baselines"] == {"tfidf": 0.9, "majority": 0.5}


def test_a_study_without_them_has_neither_rows_nor_words() -> None:
    old = StudyResult(
        Study("reviews.csv", metric="accuracy"), (outcome(0, 0.9),), facts=StudyFacts(**FACTS)
    )

    found = answer(old)

    assert found.caution == ""
    assert [row[0] for row in found.leaders.texts()] == ["teacher", "0"]


@pytest.mark.parametrize("score", [0.85, 0.95])
def test_without_predictions_the_scores_alone_are_compared(score: float) -> None:
    simple = [SimpleBaseline("tfidf", 0.9, 40, b"").to_dict()]
    facts = StudyFacts(**FACTS, simple_baselines=simple)
    study = Study("reviews.csv", metric="accuracy")

    found = answer(StudyResult(study, (outcome(0, score),), facts=facts))

    assert ("No student beats TF-IDF" in found.caution) is (score < 0.9)


@pytest.mark.parametrize(("score", "told"), [(0.9625, True), (0.9, False)])
def test_a_teacher_below_a_linear_model_of_all_rows_is_told(score: float, told: bool) -> None:
    found = record(trial(0, 390), tfidf=100)
    whole = {"kind": "tfidf", "score": score, "rows": 4000}
    facts = found.facts.updated(teacher_score=0.9, whole_baseline=whole)

    text = printed(answer(replace(found, facts=facts)))

    sentence = (
        "The teacher scores 0.9000 on the validation rows, below TF-IDF with logistic regression "
        "(0.9625, fitted in seconds on 4,000 training rows): students may learn its errors."
    )
    assert (sentence in " ".join(text.split())) is told
