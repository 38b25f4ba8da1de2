"""The measurement of plans, on a study of seconds."""

from pathlib import Path

import pytest

from benchmarks.plan import plan


@pytest.mark.long
def test_each_study_is_planned_and_searched(reviews: Path, teacher: Path, tmp_path: Path) -> None:
    said: list[str] = []

    figures = plan(
        ["--dataset", str(reviews), "--teacher", str(teacher)],
        tmp_path,
        said.append,
        {"small": ("--trials", "3")},
    )

    (small,) = figures["studies"]
    assert small["estimated"] > 0
    assert small["measured"] > 0
    assert figures["worst_error"] == pytest.approx(abs(small["ratio"] - 1))
    assert said[0].startswith("small: ")
    assert (tmp_path / "recipe.toml").exists()


@pytest.mark.slow
def test_a_command_that_fails_is_shown_whole(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"nowhere\.csv"):
        plan(["--dataset", "nowhere.csv"], tmp_path, print, {"none": ("--trials", "1")})
