"""A recipe that can be run, and work that must not begin."""

from pathlib import Path
from typing import Any

import pytest

from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.records import pipeline


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that can be known at once must come before the work."""

    def begin(*_: Any) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr("autodistill.prepare.workspace.tasks.load", begin)


@pytest.fixture
def recipe(reviews: Path, teacher: Path, tmp_path: Path) -> Path:
    """A recipe that can be run."""
    path = tmp_path / "good.toml"
    Recipe(Study(str(reviews), str(teacher)), pipeline(), epochs=1).save(path)
    return path
