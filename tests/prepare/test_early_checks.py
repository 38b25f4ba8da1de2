"""Refusals and notes before a teacher is tuned or queried."""

from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.prepare.early_checks import check_early
from autodistill.prepare.quantities import parse_limits
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.study.study import Study
from tests.commands import refused, says
from tests.screens import Heard


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """No teacher is asked."""

    def ask(*_: Any, **__: Any) -> None:
        raise AssertionError("the teacher was asked")

    monkeypatch.setattr("autodistill.prepare.materials.record", ask)


def opened(reviews: Path, teacher: Path, space: str = "quick", *limits: str) -> Workspace:
    """A study of two hundred sentences."""
    study = Study(str(reviews), str(teacher), space, limits=parse_limits(limits))
    return open_workspace(study, Screen(), None)


@pytest.mark.usefixtures("never")
def test_a_space_without_a_small_student_names_the_spaces_that_have_one(
    reviews: Path, teacher: Path
) -> None:
    with pytest.raises(SpecError) as refusal:
        check_early(opened(reviews, teacher, "quick", "size=40KB"), Heard())

    says(
        str(refusal.value),
        "no student of the space 'quick' is within --limit size 40 KB",
        "the smallest is cut(keep=0.5",
        " KB > 40 KB",
        "Name a --space that has a smaller one (",
        "students has ",
        "or raise --limit",
    )


@pytest.mark.usefixtures("never")
def test_a_limit_that_no_student_keeps_is_to_be_raised(reviews: Path, teacher: Path) -> None:
    with pytest.raises(SpecError, match="No other space has a smaller one either: raise --limit"):
        check_early(opened(reviews, teacher, "quick", "params=3"), Heard())


@pytest.mark.usefixtures("never")
def test_the_first_recipe_gets_a_student_within_the_limits(reviews: Path, teacher: Path) -> None:
    large = opened(reviews, teacher, "students")
    small = check_early(opened(reviews, teacher, "students", "size=40KB"), Heard())

    student = small.space.made_of(small.space.default_values()).student
    assert large.space.made_of(large.space.default_values()).student.name == "cut"
    assert student.name != "cut"
    assert small.space.key == large.space.key  # a default is no part of the question


@pytest.mark.usefixtures("never")
def test_recipes_to_start_with_are_within_the_limits(reviews: Path, teacher: Path) -> None:
    free = check_early(opened(reviews, teacher, "sizes"), Heard())
    small = check_early(opened(reviews, teacher, "sizes", "size=48KB"), Heard())

    assert [start["student"] for start in free.space.starts] == ["slim", "static"]
    assert [start["student"] for start in small.space.starts] == ["slim"]


@pytest.mark.usefixtures("never", "folder")
def test_a_name_that_stands_for_other_rows_is_refused_before_the_teacher_is_asked(
    reviews: Path, teacher: Path
) -> None:
    store, task = Store("x.db"), opened(reviews, teacher).task
    store.begin(
        Study(str(reviews), str(teacher), metric=task.metric, fingerprint="0ther-t-s"),
        {"rows": 8},
        name="tiny",
    )
    store.close()

    message = refused(
        "--dataset", reviews, "--teacher", teacher, "--study", "tiny", "--storage", "x.db"
    )

    says(message, "study 'tiny' already exists with other settings", "the rows of the dataset")
