"""The question and the budget."""

from dataclasses import replace

import pytest

from autodistill.errors import SpecError
from autodistill.study.study import Budget, Study
from autodistill.study.study_differences import differences


def test_a_study_survives_plain_data() -> None:
    asked = Study("a.csv", columns={"text": "t"}, labels=("neg", "pos"), rows=500, seed=3)

    assert Study.from_dict(asked.to_dict()) == asked


def test_the_name_is_readable_and_differs_with_the_question() -> None:
    asked = Study("glue/sst2")

    assert asked.name == f"glue-sst2-{asked.key[:8]}"
    assert (
        len(
            {
                asked.name,
                replace(asked, teacher="other").name,
                replace(asked, rows=9).name,
                replace(asked, fingerprint="x").name,
            }
        )
        == 4
    )


def test_what_differs_is_told_by_field_and_the_fingerprint_by_what_it_is_made_of() -> None:
    asked = Study("a.csv", rows=9, fingerprint="aa-bb-cc").to_dict()

    assert differences(asked, asked) == []
    assert differences(asked, {**asked, "rows": 8}) == ["rows: was 9, now 8"]
    assert [
        line.partition(" ")[2].split(".")[0]
        for line in differences(asked, {**asked, "fingerprint": "xx-yy-cc"})
    ] == [
        "rows of the dataset differ",
        "teacher differs",
    ]
    assert differences(asked, {**asked, "fingerprint": "aa-bb-zz"}) == [
        "the space has different members or ranges."
    ]


def test_a_path_gives_a_short_name_without_its_ending() -> None:
    assert Study("/data/My Reviews.csv").name.rsplit("-", 1)[0] == "my-reviews"


@pytest.mark.parametrize(
    ("budget", "trials", "seconds", "spent"),
    [
        (Budget(), 10, 1e6, 0.0),
        (Budget(trials=20), 5, 1e6, 0.25),
        (Budget(seconds=600.0), 999, 150.0, 0.25),
        (Budget(trials=20, seconds=600.0), 5, 450.0, 0.75),
        (Budget(trials=4, seconds=600.0), 6, 60.0, 1.5),
        (Budget(trials=0), 1, 0.0, 1.0),
    ],
)
def test_the_larger_share_of_a_budget_counts(
    budget: Budget, trials: int, seconds: float, spent: float
) -> None:
    assert budget.spent(trials, seconds) == spent


def test_a_front_and_a_survey_exclude_each_other() -> None:
    with pytest.raises(SpecError, match="give one of them"):
        Study("a.csv", front=True, survey=True)
