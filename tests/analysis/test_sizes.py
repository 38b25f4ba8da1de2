"""The recommended student of each size, with numbers planted by hand."""

from dataclasses import replace

import pytest

from autodistill.analysis.sizes import Size, sizes, within
from autodistill.analysis.verdict import judge
from autodistill.registry import families
from autodistill.study.baselines import alone
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.records import FACTS, outcome, pipeline

TEACHER = 10_000_000
KNOWN = StudyFacts(**FACTS, teacher_params=TEACHER)


def sized(number: int, score: float, params: float, baseline: str = "") -> Trial:
    """A run of a student of this size; latency grows with it."""
    student = Part("cut", {"keep": params})
    found = replace(pipeline(), student=student)
    return replace(
        outcome(number, score),
        pipeline=alone(found) if baseline else found,
        cost={"params": params, "size_bytes": 4 * params, "latency_ms": params / 1e6},
        baseline=baseline,
    )


def found(*outcomes: Trial, facts: StudyFacts = KNOWN) -> tuple[Size, ...]:
    """The sizes of a study of these trials."""
    record = StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=facts)
    score = families.build("metrics", "accuracy", {}).of_rows
    return sizes(record, judge(record, score), score)


def test_each_size_has_the_best_student_up_to_it() -> None:
    three = found(sized(0, 0.90, 5e6), sized(1, 0.80, 3e6), sized(2, 0.60, 5e5))

    assert [(s.name, s.verdict.recommended.numbers) for s in three] == [
        ("small", (2,)),
        ("medium", (1,)),
        ("any", (0,)),
    ]


def test_a_size_whose_student_is_that_of_a_smaller_one_is_left_out() -> None:
    two = found(sized(0, 0.90, 5e6), sized(1, 0.50, 3e6), sized(2, 0.60, 5e5))

    assert [(s.name, s.verdict.recommended.numbers) for s in two] == [
        ("small", (2,)),
        ("any", (0,)),
    ]


def test_a_gain_is_over_the_same_student_alone() -> None:
    small, whole = found(
        sized(0, 0.90, 5e6),
        sized(1, 0.60, 5e5),
        sized(2, 0.50, 5e5, "alone"),
        sized(3, 0.40, 5e6, "alone"),
    )

    assert small.verdict.gain is not None
    assert whole.verdict.gain is not None
    assert small.verdict.gain.baseline.numbers == (2,)
    assert whole.verdict.gain.baseline.numbers == (3,)


def test_a_student_alone_stands_for_its_size_where_its_teacher_gives_nothing() -> None:
    small, _ = found(sized(0, 0.90, 5e6), sized(1, 0.60, 5e5), sized(2, 0.70, 5e5, "alone"))

    assert small.verdict.recommended.numbers == (2,)


def test_a_study_that_does_not_know_its_teachers_size_has_none() -> None:
    assert found(sized(0, 0.9, 5e6), sized(1, 0.6, 5e5), facts=StudyFacts(**FACTS)) == ()


def longer(trial: Trial) -> Trial:
    """The same as a run four times as long."""
    return replace(trial, number=trial.number + 10, fidelity={"rows": 80, "epochs": 4})


def test_shorter_runs_are_not_compared_with_longer_ones() -> None:
    large = [sized(n, 0.90, 5e6 + n) for n in range(3)] + [sized(3, 0.80, 5e6, "alone")]
    small = sized(4, 0.95, 5e5)
    record = StudyResult(
        Study("reviews.csv", metric="accuracy"),
        (*large, small, *map(longer, large)),
        facts=KNOWN,
    )
    assert record.level == 1

    part = within(record, {"params": 6e6})

    assert [o.number for o in part.outcomes] == [10, 11, 12, 13]
    assert (part.level, part.facts.rows, part.facts.epochs) == (0, 80, 4)


def test_without_limits_a_study_is_as_it_was() -> None:
    record = StudyResult(Study("reviews.csv", metric="accuracy"), (sized(0, 0.9, 5e6),))

    assert within(record, {}) is record


@pytest.mark.parametrize(("most", "left"), [(6e6, [0, 1]), (1e6, [1]), (1.0, [])])
def test_a_limit_keeps_the_students_within_it(most: float, left: list[int]) -> None:
    record = StudyResult(
        Study("reviews.csv", metric="accuracy"),
        (sized(0, 0.9, 5e6), sized(1, 0.6, 5e5)),
        facts=KNOWN,
    )

    assert [o.number for o in within(record, {"params": most}).outcomes] == left
