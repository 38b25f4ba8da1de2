"""A study that began when another search space was the default is found again."""

from dataclasses import replace
from pathlib import Path

from autodistill.search.start import with_other_space
from autodistill.storage import Store
from autodistill.study.study import Study

ASKED = Study("reviews.csv", metric="accuracy", fingerprint="a-b-new")


def test_the_study_of_the_same_question_in_the_former_space_is_named(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "x.db"))
    store.begin(replace(ASKED, space="quick", fingerprint="a-b-old"), {}, name="before")
    store.begin(ASKED, {}, name="now")

    assert with_other_space(store, ASKED) == "before"


def test_a_study_of_other_rows_is_not_named(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "x.db"))
    store.begin(replace(ASKED, space="quick", rows=100), {}, name="before")

    assert with_other_space(store, ASKED) == ""
