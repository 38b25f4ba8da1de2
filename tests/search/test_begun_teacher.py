"""A study whose teacher was tuned here goes on with that teacher, however it would be tuned now."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.components import teachers
from autodistill.prepare import workspace
from autodistill.training.tuning import older_tunings
from tests.commands import Ran, run_cli
from tests.spaces import SMALL

FIND = teachers.find


def search(reviews: Path, teacher: Path, trials: int, *more: str) -> Ran:
    """A search that counts its runs."""
    asked = ("--dataset", reviews, "--teacher", teacher, "--space", "small.toml", "--rows", 100)
    ran = run_cli("search", *asked, "--workers", 1, "--trials", trials, *more)
    assert ran.code == 0, ran.err
    return ran


@pytest.fixture(params=[0, 1, 2], ids=["300 steps", "20 passes", "one rate"])
def begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[pytest.MonkeyPatch]:
    """A folder in which teachers are tuned by a rule of a former version."""
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setenv("AUTODISTILL_HOME", str(folder / "home"))

    def untuned(*about: Any) -> teachers.Found:
        return replace(FIND(*about), tuned=False)

    def former(rows: int, classes: int, *, width: int, **_: Any) -> Any:
        return older_tunings(rows, classes, width)[request.param]

    monkeypatch.setattr(teachers, "find", untuned)
    with monkeypatch.context() as patched:
        patched.setattr(workspace, "tuning", former)
        yield patched


@pytest.mark.slow
@pytest.mark.parametrize("name", [(), ("--study", "films")], ids=["unnamed", "named"])
def test_a_study_with_a_teacher_tuned_in_a_former_way_goes_on_without_tuning_again(
    reviews: Path, teacher: Path, begun: pytest.MonkeyPatch, name: tuple[str, ...]
) -> None:
    first = search(reviews, teacher, 3, *name)
    begun.undo()

    again = search(reviews, teacher, 4, *name)

    assert "fine-tuning on" in first.err
    assert "going on after 3 runs" in again.err
    assert "fine-tuning on" not in again.err
