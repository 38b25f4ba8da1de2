"""Lines of a search while it runs: its runs, the best beside the baselines, the front."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from autodistill.search.asked import Asked
from autodistill.search.ended_runs import EndedRuns
from autodistill.search.live_view import LiveView
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Trial
from tests.records import pipeline

FACTS = StudyFacts(
    teacher_score=0.95, simple_baselines=({"kind": "tfidf", "score": 0.8, "rows": 9},)
)


def ended(number: int, score: float, params: float, **others: Any) -> Trial:
    """A complete run of a student of this size."""
    done = Trial(number, pipeline(1.0 + number), 0, "complete", score, cost={"params": params})
    return replace(done, **others)


def view(*outcomes: Trial) -> LiveView:
    """The view of a search with these runs behind it; the next one is a repeat."""
    questions: Any = SimpleNamespace(
        runs=EndedRuns(FACTS, outcomes),
        asked={7: Asked(7, pipeline(), 1), 8: Asked(8, pipeline(), 0, "alone")},
    )
    return LiveView(questions, lambda _: {"params": 1.5e6}, FACTS, lambda: "2 min left")


def test_a_run_is_a_line_from_its_beginning_to_its_end() -> None:
    shown = view()

    shown.begin(7)
    begun = shown.lines()[0]
    shown.report(7, 2, 0.875)
    scored = shown.lines()[0]
    shown.end(7)

    assert begun.startswith("trial   7  repeat                      0 s  cut 1.5M · ")
    assert scored.startswith("trial   7  repeat   0.8750 at 50%      0 s  cut 1.5M · ")
    assert not any(line.startswith("trial") for line in shown.lines())


def test_a_score_of_a_run_that_was_killed_meanwhile_is_no_line() -> None:
    shown = view()

    shown.report(7, 2, 0.875)

    assert shown.lines() == [
        "beside    teacher 0.9500, TF-IDF 0.8000",
        "so far    no run has ended; 2 min left",
    ]


def test_the_best_recipe_stands_beside_teacher_and_baselines() -> None:
    shown = view(
        ended(0, 0.9, 1e6, metrics={"row_error": 0.01}),
        ended(1, 0.92, 2e6, baseline="alone"),
        ended(2, 0.85, 5e5),
    )

    assert shown.lines()[:2] == [
        "best      0.9000 ± 0.0196 (trial 0, cut 1M)",
        "beside    teacher 0.9500, student alone 0.9200, TF-IDF 0.8000",
    ]


def test_the_front_goes_from_the_smallest_student_to_the_best() -> None:
    shown = view(ended(0, 0.9, 4e6), ended(1, 0.85, 1e6), ended(2, 0.84, 2e6))

    assert "front     1M 0.8500 · 4M 0.9000" in shown.lines()


@pytest.mark.parametrize("score", [0.9, 0.0])
def test_one_student_is_no_front(score: float) -> None:
    assert not any(line.startswith("front") for line in view(ended(0, score, 1e6)).lines())


def test_ended_runs_are_counted_by_their_ends() -> None:
    broken = [ended(n, 0.0, 1.0, status=s) for n, s in enumerate(("stopped", "crashed", "timeout"))]

    assert view(ended(5, 0.9, 1e6), *broken).lines()[-1] == (
        "so far    1 complete, 1 stopped, 2 failed; 2 min left"
    )


def test_in_one_line_runs_have_number_student_and_score() -> None:
    shown = view(ended(0, 0.9, 1e6))

    shown.begin(7)
    shown.begin(8)
    shown.report(8, 1, 0.5)

    assert shown.brief() == (
        "running   trial 7 cut 1.5M, trial 8 cut 1.5M 0.5000 at 25%; 1 complete; 2 min left"
    )
