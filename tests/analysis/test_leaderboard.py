"""The leaderboard and the Pareto front as rows, with numbers planted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from autodistill.analysis.leaderboard import leaderboard, pareto_front
from autodistill.analysis.verdict import Verdict, judge
from autodistill.registry import families
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.records import FACTS, outcome


def judged(*outcomes: Trial, selection: Selection | None = None) -> tuple[StudyResult, Verdict]:
    """A study of these trials with its verdict."""
    study = Study("reviews.csv", metric="accuracy")
    record = StudyResult(study, outcomes, facts=StudyFacts(**FACTS), selection=selection)
    return record, judge(record, families.build("metrics", "accuracy", {}).of_rows)


def test_teacher_then_recipes_then_baselines_each_best_first() -> None:
    alone = replace(outcome(3, 0.7), baseline="alone")
    plain = replace(outcome(4, 0.8), baseline="vanilla")

    rows = leaderboard(*judged(outcome(1, 0.60), outcome(2, 0.90), alone, plain))

    assert [(row.kind, row.trial, row.score) for row in rows] == [
        ("teacher", None, 0.95),
        ("recipe", 2, 0.90),
        ("recipe", 1, 0.60),
        ("baseline", 4, 0.80),
        ("baseline", 3, 0.70),
    ]
    assert [row.baseline for row in rows[3:]] == ["vanilla", "alone"]


def test_the_recommended_row_is_marked_and_so_are_those_that_tie_with_the_best() -> None:
    # each with a row error of 0.01: 0.9 and 0.89 are within it, 0.60 is thirty of them away
    record, verdict = judged(outcome(1, 0.89), outcome(2, 0.90), outcome(3, 0.60))

    marks = {row.trial: row.mark for row in leaderboard(record, verdict)}

    assert sorted(marks[n] for n in (1, 2)) == ["recommended", "tied"]
    assert marks[3] == ""
    assert marks[None] == ""


def test_a_row_carries_its_interval_its_cost_and_its_pipeline() -> None:
    (_, row) = leaderboard(*judged(outcome(1, 0.80)))

    assert row.low is not None
    assert row.high is not None
    assert row.low < 0.80 < row.high
    assert (row.seeds, row.params, row.size_bytes) == (1, 1_000_000, 4_000_000)
    assert row.latency_ms is None
    assert row.pipeline == "cut(keep=0.5) · 1·kl(temperature=2) · adamw(lr=0.0001)"


def test_the_teacher_has_an_interval_where_its_predictions_were_kept() -> None:
    labels = np.arange(20) % 2
    teacher = np.where(np.arange(20) < 1, 1 - labels, labels)  # 19 of 20 are right
    trial = replace(outcome(1, 1.0), predictions=as_bytes(labels))

    rows = leaderboard(*judged(trial, selection=Selection(as_bytes(labels), as_bytes(teacher))))

    assert rows[0].score == pytest.approx(0.95)
    assert rows[0].low is not None
    assert rows[0].low < 0.95
    assert rows[0].high is not None
    assert rows[0].high <= 1.0
    assert leaderboard(*judged(outcome(1, 0.9)))[0].low is None


def test_the_front_leaves_out_what_another_student_beats_in_everything() -> None:
    def priced(number: int, score: float, latency_ms: float) -> Trial:
        cost = {"params": 1e6, "size_bytes": 4e6 * latency_ms, "latency_ms": latency_ms}
        return replace(outcome(number, score), cost=cost)

    # 3 is slower and larger than 2, and scores less; 1 is the fastest, 4 the best
    record, verdict = judged(
        priced(1, 0.7, 1.0), priced(2, 0.8, 2.0), priced(3, 0.75, 3.0), priced(4, 0.9, 4.0)
    )

    assert [row.trial for row in pareto_front(record, verdict)] == [4, 2, 1]


def test_students_of_one_shape_have_no_front() -> None:
    assert pareto_front(*judged(outcome(1, 0.9), outcome(2, 0.8))) == ()
