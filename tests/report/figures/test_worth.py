from dataclasses import replace

import pytest

from autodistill.analysis.recipe_gains import ALONE, gains, recipe_name
from autodistill.registry import families
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.records import FACTS

LABELS = (Term(Part("ce"), 1.0),)
COST = {"params": 1e6, "size_bytes": 4e6}
TAUGHT = (
    Term(Part("ce"), 0.1),
    Term(Part("kl", {"temperature": 2.0}), 0.9),
    Term(Part("mse", {"on": "pooled"}), 0.3, Part("last")),
)


def record(help_small: float, help_large: float, seeds: int = 2) -> StudyResult:
    """Two students, on labels alone and taught.

    Seeds are 0.01 apart, so that their deviation is 0.00707.
    """
    outcomes = []
    for keep, helped in ((0.5, help_small), (1.0, help_large)):
        for terms, more in ((LABELS, 0.0), (TAUGHT, helped)):
            pipeline = Pipeline(Part("cut", {"keep": keep}), terms, Part("adamw"))
            outcomes += [
                Trial(0, pipeline, s, "complete", 0.8 + more + 0.01 * s, cost=COST)
                for s in range(seeds)
            ]
    numbered = [replace(o, number=i) for i, o in enumerate(outcomes)]
    return StudyResult(
        Study("set", metric="accuracy"),
        (
            *numbered,
            Trial(99, numbered[0].pipeline, 0, "complete", 0.1, cost=COST, baseline="random"),
        ),
        facts=StudyFacts(**FACTS),
    )


def test_a_gain_is_the_mean_over_students_with_the_error_of_seeds() -> None:
    """By hand: the worth is (0.04 + 0.02) / 2, its error 0.005.

    The deviation is 0.00707, with two runs on each side and two students:
    0.00707 sqrt((1/2 + 1/2) / 2) = 0.005.
    """
    (found,) = gains({"a": record(0.04, 0.02)})

    assert found.recipe == "0.9 kl(T=2) + 0.3 mse@last"
    assert found.gain == pytest.approx(0.03)
    assert found.error == pytest.approx(0.005)
    assert found.students == 2
    assert found.is_shown
    assert not gains({"a": record(0.009, 0.009)})[0].is_shown


def test_nothing_is_shown_where_nothing_was_repeated() -> None:
    (found,) = gains({"a": record(0.04, 0.02, seeds=1)})

    assert not found.is_shown


def test_a_recipe_is_named_by_what_is_beside_the_labels() -> None:
    plain = Pipeline(Part("bag"), LABELS, Part("adamw"))

    assert recipe_name(plain) == ALONE
    assert recipe_name(plain.with_stages(mixup=Part("embedding", {"alpha": 0.4}))) == "embedding"


def test_the_figure_numbers_what_is_more_than_chance_only() -> None:
    figure = families.build("figures", "worth", {}).draw(
        {"a": record(0.04, 0.02), "b": record(0.004, 0.004)}, {}
    )

    (cells,) = figure.data
    assert list(cells.x) == ["a", "b"]
    assert list(cells.z[0]) == pytest.approx([3.0, 0.4])
    assert list(cells.text[0]) == ["+3.0", ""]
