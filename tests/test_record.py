"""Who leads, and how sure. Expected numbers are worked out by hand in the comments."""

import math

import pytest

from autodistill.pipeline import Part, Pipeline, Term
from autodistill.record import Leader, Outcome, Record
from autodistill.study import Study


def pipeline(name: str, terms: int = 1) -> Pipeline:
    """A pipeline with that many terms."""
    return Pipeline(Part(name), tuple(Term(Part("ce"), 1.0 / terms) for _ in range(terms)), Part("adamw"))


def runs(made: Pipeline, *scores: float, params: float = 100.0, status: str = "complete") -> list[Outcome]:
    """One run a score, seeds from 0."""
    cost, metrics = {"params": params}, {"row_error": 0.03}
    return [Outcome(0, made, seed, status, score, cost=cost, metrics=metrics) for seed, score in enumerate(scores)]


def order(*groups: list[Outcome]) -> list[str]:
    """Names of the students, best first."""
    outcomes = tuple(o for group in groups for o in group)
    return [x.pipeline.student.name for x in Record(Study("a.csv"), outcomes).leaders()]


def test_one_lucky_run_does_not_lead_a_pipeline_that_held_up() -> None:
    # steady: deviations over two seeds .02/sqrt 2 = .01414; noise of a single run .01414, of steady .01
    # lucky .905 - .01414 = .8909 < steady .90 - .01 = .8900? no: .8909 > .8900; with .903: .8889 < .8900
    steady = runs(pipeline("steady"), 0.89, 0.91)

    assert order(runs(pipeline("lucky"), 0.903), steady) == ["steady", "lucky"]
    assert order(steady, runs(pipeline("lucky"), 0.905)) == ["lucky", "steady"]


def test_noise_is_pooled_over_pipelines_by_degrees_of_freedom() -> None:
    # a: variance 0 with 1 degree of freedom; b: (.80, .82, .84) variance .0004 with 2 -> pooled sqrt(.0008 / 3) = .01633
    # single .822 - .01633 = .8057; b .82 - .01633 / sqrt 3 = .8106; a .818 - .01633 / sqrt 2 = .8065
    groups = (runs(pipeline("single"), 0.822), runs(pipeline("a"), 0.818, 0.818), runs(pipeline("b"), 0.80, 0.82, 0.84))

    assert order(*groups) == ["b", "a", "single"]


def test_without_repeated_seeds_the_score_alone_decides() -> None:
    assert order(runs(pipeline("low"), 0.7), runs(pipeline("high"), 0.8)) == ["high", "low"]


def test_equal_scores_go_to_the_smaller_student_then_to_fewer_terms() -> None:
    large = runs(pipeline("large"), 0.8, params=200.0)
    three, one = runs(pipeline("three", 3), 0.8), runs(pipeline("one", 1), 0.8)

    assert order(large, three, one) == ["one", "three", "large"]


def test_only_complete_runs_make_a_leader() -> None:
    stopped, failed = runs(pipeline("stopped"), 0.9, status="stopped"), [Outcome(1, pipeline("failed"), 0, "failed", error="boom")]

    assert order(stopped, failed, runs(pipeline("whole"), 0.5)) == ["whole"]


def test_what_finished_counts_and_what_was_lost_does_not() -> None:
    outcomes = [Outcome(i, pipeline("a"), 0, s) for i, s in enumerate(("complete", "stopped", "failed", "timeout", "lost", "running"))]

    assert [o.number for o in Record(Study("a.csv"), tuple(outcomes)).finished] == [0, 1, 2, 3]


def test_a_leader_gathers_the_seeds_of_one_pipeline() -> None:
    (leader,) = Record(Study("a.csv"), tuple(runs(pipeline("a"), 0.8, 0.9))).leaders()

    assert leader.scores == (0.8, 0.9)
    assert leader.row_errors == (0.03, 0.03)
    assert leader.mean == pytest.approx(0.85)


def test_half_width_adds_rows_and_seeds() -> None:
    # rows: (.03^2 + .04^2) / 2 = .00125; seeds: variance of (.8, .9) .005, over 2 = .0025; 1.95996 sqrt(.00375) = .120023
    leader = Leader(pipeline("a"), (0.8, 0.9), (0, 1), {}, (0.03, 0.04))

    assert leader.half_width() == pytest.approx(0.120023, abs=1e-6)


def test_half_width_of_one_seed_is_the_choice_of_rows_alone() -> None:
    # 1.644854 * .03 = .0493456
    assert Leader(pipeline("a"), (0.8,), (0,), {}, (0.03,)).half_width(0.9) == pytest.approx(0.0493456, abs=1e-7)


def test_half_width_is_zero_when_nothing_is_known() -> None:
    assert math.isclose(Leader(pipeline("a"), (0.8,), (0,), {}).half_width(), 0.0)
