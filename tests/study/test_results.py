"""Who leads, and how sure. Expected numbers are worked out by hand in the comments."""

import numpy as np
import pytest

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import (
    StudyResult,
    Trial,
    TrialGroup,
    as_bytes,
    as_classes,
    cheapness,
)
from autodistill.study.study import Study


def pipeline(name: str, terms: int = 1) -> Pipeline:
    """A pipeline with that many terms."""
    return Pipeline(
        Part(name), tuple(Term(Part("ce"), 1.0 / terms) for _ in range(terms)), Part("adamw")
    )


def runs(
    made: Pipeline,
    *scores: float,
    params: float = 100.0,
    status: str = "complete",
    baseline: str = "",
) -> list[Trial]:
    """One run a score, seeds from 0."""
    cost, metrics = {"params": params}, {"row_error": 0.03}
    return [
        Trial(seed, made, seed, status, score, cost=cost, metrics=metrics, baseline=baseline)
        for seed, score in enumerate(scores)
    ]


def order(*groups: list[Trial]) -> list[str]:
    """Names of the students, best first."""
    outcomes = tuple(o for group in groups for o in group)
    return [x.pipeline.student.name for x in StudyResult(Study("a.csv"), outcomes).leaders()]


def test_one_lucky_run_does_not_lead_a_pipeline_that_held_up() -> None:
    # steady: fresh seeds .89, .91, deviation .01414, mean .90 - .01414 / sqrt 2 = .8900;
    # lucky, one run: its score - .01414
    steady = runs(pipeline("steady"), 0.95, 0.89, 0.91)

    assert order(runs(pipeline("lucky"), 0.903), steady) == ["steady", "lucky"]
    assert order(steady, runs(pipeline("lucky"), 0.905)) == ["lucky", "steady"]


def test_noise_is_pooled_over_pipelines_by_degrees_of_freedom() -> None:
    # fresh seeds: a variance 0 with 1 degree of freedom;
    # b (.80, .82, .84) variance .0004 with 2 -> sqrt(.0008 / 3) = .01633
    # single .822 - .01633 = .8057; b .82 - .01633 / sqrt 3 = .8106;
    # a .818 - .01633 / sqrt 2 = .8065
    groups = (
        runs(pipeline("single"), 0.822),
        runs(pipeline("a"), 0.9, 0.818, 0.818),
        runs(pipeline("b"), 0.9, 0.80, 0.82, 0.84),
    )

    assert order(*groups) == ["b", "a", "single"]


def test_without_repeated_seeds_the_score_alone_decides() -> None:
    assert order(runs(pipeline("low"), 0.7), runs(pipeline("high"), 0.8)) == ["high", "low"]


def test_equal_scores_go_to_the_smaller_student_then_to_fewer_terms() -> None:
    large = runs(pipeline("large"), 0.8, params=200.0)
    three, one = runs(pipeline("three", 3), 0.8), runs(pipeline("one", 1), 0.8)

    assert order(large, three, one) == ["one", "three", "large"]


def test_only_complete_runs_make_a_leader() -> None:
    stopped, failed = (
        runs(pipeline("stopped"), 0.9, status="stopped"),
        [Trial(1, pipeline("failed"), 0, "failed", error="boom")],
    )

    assert order(stopped, failed, runs(pipeline("whole"), 0.5)) == ["whole"]


def test_what_finished_counts_and_what_was_lost_or_rejected_does_not() -> None:
    kinds = (
        "complete",
        "stopped",
        "failed",
        "timeout",
        "crashed",
        "killed",
        "out_of_memory",
        "lost",
        "running",
        "rejected",
    )
    outcomes = tuple(Trial(i, pipeline("a"), 0, s) for i, s in enumerate(kinds))

    assert [o.number for o in StudyResult(Study("a.csv"), outcomes).finished] == [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
    ]


def test_only_fresh_seeds_of_a_repeated_pipeline_count() -> None:
    # it was repeated because its first run, .95, was lucky; (.8 + .9) / 2 = .85
    (group,) = StudyResult(Study("a.csv"), tuple(runs(pipeline("a"), 0.95, 0.8, 0.9))).leaders()

    assert group.scores == (0.8, 0.9)
    assert group.numbers == (0, 1, 2)
    assert group.row_errors == (0.03, 0.03)
    assert group.mean == pytest.approx(0.85)
    assert group.is_repeated


def test_all_seeds_of_a_control_count_and_no_control_is_a_leader() -> None:
    record = StudyResult(
        Study("a.csv"),
        (*runs(pipeline("a"), 0.7), *runs(pipeline("a"), 0.8, 0.9, baseline="alone")),
    )

    assert [(a.baseline, a.scores) for a in record.baselines("alone")] == [("alone", (0.8, 0.9))]
    assert record.baselines("random") == []
    assert [(a.baseline, a.scores) for a in record.leaders()] == [("", (0.7,))]


def test_classes_come_back_from_bytes() -> None:
    classes = np.array([0, 1, 299, 65_535])

    assert as_bytes(classes) == bytes([0, 0, 1, 0, 43, 1, 255, 255])
    assert as_classes(as_bytes(classes)).tolist() == classes.tolist()


def test_the_cheaper_arm_is_faster_then_smaller_then_has_fewer_terms() -> None:
    def group(ms: float, params: float, terms: int) -> TrialGroup:
        return TrialGroup(pipeline("a", terms), (0.9,), (0,), {"latency_ms": ms, "params": params})

    slow, large, long, best = group(2.0, 1, 1), group(1.0, 9, 1), group(1.0, 5, 2), group(1.0, 5, 1)
    assert sorted([slow, large, long, best], key=cheapness) == [best, long, large, slow]
