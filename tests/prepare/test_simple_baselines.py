"""The linear baseline that a teacher is measured by."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.prepare.materials import prepare
from autodistill.prepare.simple_baselines import simple_baselines, whole_baseline
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.study.study import Study
from tests.screens import Heard


@pytest.fixture(scope="module")
def workspace(
    reviews: Path, teacher: Path, tmp_path_factory: pytest.TempPathFactory
) -> PreparedWorkspace:
    """A study of the tiny teacher."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AUTODISTILL_HOME", str(tmp_path_factory.mktemp("home")))
        opened = open_workspace(Study(str(reviews), str(teacher)), Stopwatch(), None)
        return prepare(opened, Stopwatch())


def test_the_baseline_of_a_teacher_is_fitted_on_all_rows(workspace: PreparedWorkspace) -> None:
    screen = Heard()
    few = simple_baselines(workspace, 20, screen)

    found = whole_baseline(workspace, few, screen)

    assert found is not None
    assert (few[-1]["rows"], found["rows"]) == (20, len(workspace.task.train))
    assert found["score"] > few[-1]["score"]


@pytest.mark.parametrize(("score", "warned"), [(0.1, 1), (1.0, 0)])
def test_a_teacher_below_its_baseline_is_a_warning(
    workspace: PreparedWorkspace, score: float, warned: int
) -> None:
    weak, screen = replace(workspace, teacher_score=score), Heard()

    whole_baseline(weak, simple_baselines(weak, 20, screen), screen)

    begins = "warning   The teacher scores 0.1000 on the validation rows, below TF-IDF"
    assert sum(line.startswith(begins) for line in screen.lines) == warned


def test_where_no_linear_model_can_be_fitted_there_is_none(workspace: PreparedWorkspace) -> None:
    only: list[dict[str, Any]] = [{"kind": "majority", "score": 0.5, "rows": 20}]

    assert whole_baseline(workspace, only, Heard()) is None
