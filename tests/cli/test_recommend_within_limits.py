"""The answer of a study among the students that keep a limit."""

from dataclasses import replace
from pathlib import Path

from autodistill.study.recipe import Recipe
from tests.commands import run_cli
from tests.records import outcome, write_study


def study(tmp_path: Path) -> Path:
    """A large student that is better, and a small one."""
    small = replace(outcome(1, 0.7), cost={"params": 1e5, "size_bytes": 4e5})
    return write_study(tmp_path / "x.db", outcome(0, 0.9), small)


def test_the_best_student_within_a_limit_is_recommended(tmp_path: Path) -> None:
    words = ("recommend", "--study", "tiny", "--storage", study(tmp_path), "--out")

    whole = run_cli(*words, tmp_path / "whole.toml")
    small = run_cli(*words, tmp_path / "small.toml", "--limit", "size=1MB")

    assert (whole.code, small.code) == (0, 0)
    assert Recipe.load(tmp_path / "whole.toml").evidence["size_bytes"] == 4_000_000
    assert Recipe.load(tmp_path / "small.toml").evidence["size_bytes"] == 400_000


def test_a_limit_that_no_run_keeps_names_the_nearest_student(tmp_path: Path) -> None:
    ran = run_cli(
        "recommend", "--study", "tiny", "--storage", study(tmp_path), "--limit", "size=1KB"
    )

    assert ran.code == 2
    assert "study 'tiny' has no complete run of a student within --limit" in ran.err
    assert "the nearest is trial 1 (size 400 KB > 1 KB)" in ran.err
