"""The answer: how long to train in full, how sure, what is recommended."""

from dataclasses import replace

import numpy as np
import pytest

from autodistill.analysis.verdict import Verdict
from autodistill.errors import SpecError
from autodistill.report.answer import fidelity, how_sure, recommend, worth
from autodistill.study.recipe import full_epochs
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.records import FACTS, outcome, pipeline


def test_two_passes_over_a_large_set_ten_over_a_small_one() -> None:
    assert full_epochs(67_349) == 2
    assert full_epochs(20_000) == 5
    assert full_epochs(400) == 10


def verdict(*outcomes: Trial) -> Verdict:
    """Of a record of these runs."""
    return recommend(
        StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=FACTS), "tiny"
    )[1]


def test_how_sure_names_those_that_cannot_be_told_apart() -> None:
    # each with a row error of 0.01: 0.9 and 0.89 are within it, 0.80 is ten of them away
    text = how_sure(verdict(outcome(4, 0.90), outcome(2, 0.89), outcome(7, 0.80)))

    assert "one seed only" in text
    assert "2 of 3 leaders cannot be told apart" in text
    assert {"2", "4"} == set(text.split("(trials ")[1].split(")")[0].split(", "))


def test_how_sure_says_when_the_lead_is_clear() -> None:
    assert "ahead of the 1 other leaders by more than chance" in how_sure(
        verdict(outcome(1, 0.95), outcome(2, 0.70))
    )


def test_worth_says_that_distillation_hurts_and_recommends_the_student_alone() -> None:
    said = verdict(outcome(1, 0.70), replace(outcome(2, 0.90), baseline="alone"))

    assert "distillation hurts here: the student alone is recommended" in worth(said)[0]
    assert said.recommended.baseline == "alone"


def test_worth_says_by_how_much_distillation_helps() -> None:
    said = verdict(outcome(1, 0.90), replace(outcome(2, 0.70), baseline="alone"))

    assert worth(said)[0].startswith("  worth     distillation helps: +0.2000 (+0.1")
    assert said.recommended.baseline == ""


def test_where_nothing_differs_the_answer_says_so_and_how_small_a_gain_it_would_miss() -> None:
    said = verdict(outcome(1, 0.90), outcome(2, 0.90), replace(outcome(3, 0.90), baseline="alone"))
    unseen = float(worth(said)[1].rpartition(" ")[2])

    assert said.recommended.baseline == "alone"
    assert "2 of 2 leaders cannot be told apart" in how_sure(said)
    assert "the cheapest of them is taken" not in how_sure(said)  # none of them is
    assert "nothing differs as far as this study can tell" in worth(said)[1]
    assert said.gain is not None
    assert said.gain.interval.low == pytest.approx(-unseen, abs=0.005)


def test_one_leader_ahead_is_not_called_no_difference() -> None:
    said = verdict(outcome(1, 0.90), outcome(2, 0.60), replace(outcome(3, 0.90), baseline="alone"))

    assert not any("nothing differs" in line for line in worth(said))


def test_worth_is_unknown_without_the_same_student_alone() -> None:
    assert "unknown" in worth(verdict(outcome(1, 0.90)))[0]


def test_the_leader_is_recommended_with_its_evidence() -> None:
    record = StudyResult(
        Study("reviews.csv", metric="accuracy"), (outcome(0, 0.8), outcome(1, 0.9)), facts=FACTS
    )

    recipe, _ = recommend(record, "tiny")

    assert recipe.pipeline == pipeline(2.0)
    assert recipe.evidence["score"] == 0.9
    assert recipe.evidence["seeds"] == 1
    assert recipe.epochs == 10


def test_without_a_complete_run_nothing_is_recommended() -> None:
    with pytest.raises(SpecError, match="no complete run yet"):
        recommend(
            StudyResult(Study("reviews.csv"), (outcome(0, 0.8, "stopped"),), facts=FACTS), "tiny"
        )


def test_a_single_leader_is_not_called_no_difference() -> None:
    said = verdict(outcome(1, 0.90), replace(outcome(2, 0.90), baseline="alone"))

    assert "nothing to compare with yet" in how_sure(said)
    assert not any("nothing differs" in line for line in worth(said))


def test_fidelity_is_told_with_the_rows_on_which_the_student_alone_differs() -> None:
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
        Study("reviews.csv", metric="accuracy"), (won, plain), facts=FACTS, selection=selection
    )

    first, second = fidelity(recommend(record, "tiny")[1], selection)

    assert (
        "agrees with the teacher on 95.0% of the rows, repeats 50% of its errors; calibration error 0.040"
        in first
    )
    # 8 of 8 by chance: 2 / 2^8
    assert (
        "right on 8 rows that the student alone gets wrong, wrong on 0 (McNemar p 0.0078)" in second
    )


def test_fidelity_of_an_older_study_says_nothing() -> None:
    assert (
        fidelity(verdict(outcome(1, 0.9), replace(outcome(2, 0.7), baseline="alone")), None) == []
    )
