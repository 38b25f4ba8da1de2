import numpy as np
import pandas as pd
import pytest

from autodistill.recommend.evidence import Evidence
from tests.recommend.planted import planted

FOUR = Evidence(
    pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]}),
    np.array(["a", "a", "a", "b"]),
    np.array(["p", "q", "r", "p"]),
    np.array([0.1, 0.9, 0.1, 0.5]),
)


def test_a_standing_is_the_share_of_the_others_that_are_beaten() -> None:
    """By hand: of three the best beats 2.5 of 3 by halves.

    Two equal ones beat 1 of 3; one alone stands in the middle.
    """
    assert FOUR.standing == pytest.approx([1 / 3, 2.5 / 3, 1 / 3, 0.5])


def test_scores_of_two_studies_of_one_dataset_are_not_compared() -> None:
    two = Evidence(
        FOUR.features,
        FOUR.datasets,
        FOUR.pipelines,
        FOUR.scores,
        studies=np.array(["s", "s", "t", "u"]),
    )

    assert two.standing == pytest.approx([0.25, 0.75, 0.5, 0.5])


def test_a_standing_does_not_depend_on_the_scale_of_the_scores() -> None:
    known = planted()
    stretched = Evidence(known.features, known.datasets, known.pipelines, 7 * known.scores - 3)

    assert stretched.standing == pytest.approx(known.standing)


def test_what_is_left_when_a_dataset_is_unknown_has_none_of_its_rows_and_nothing_hopeless() -> None:
    known = Evidence(
        FOUR.features,
        FOUR.datasets,
        FOUR.pipelines,
        FOUR.scores,
        hopeless=np.array([False, True, False, False]),
    )

    left = known.without(["b"])

    assert left.names == ["a"]
    assert left.pipelines.tolist() == ["p", "r"]
    assert left.features["x"].tolist() == [0.0, 2.0]
    assert known.only("b").scores.tolist() == [0.5]


def test_of_a_few_rows_that_are_handed_over_no_two_are_of_one_kind() -> None:
    guessed = np.array([0.9, 0.8, 0.8, 0.1])
    known = Evidence(
        FOUR.features,
        FOUR.datasets,
        FOUR.pipelines,
        FOUR.scores,
        kinds=np.array(["k", "k", "l", "l"]),
    )

    assert known.first(guessed, 3).tolist() == [0, 2]
    assert FOUR.first(guessed, 3).tolist() == [0, 1, 2]
    assert known.take(np.array([1, 3])).first(np.array([0.1, 0.2]), 1).tolist() == [1]
