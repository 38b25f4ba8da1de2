"""`search --target onnx-int8` limits, measures and answers with the file that ships."""

from pathlib import Path

import pytest

from autodistill.study.recipe import Recipe
from tests.commands import refused, run_cli


@pytest.mark.slow
def test_limits_and_answer_are_about_the_file_in_int8(
    folder: Path, teacher: Path, reviews: Path
) -> None:
    words = ["--dataset", reviews, "--teacher", teacher, "--trials", "1", "--workers", "1"]

    ran = run_cli("search", *words, "--no-past", "--target", "onnx-int8", "--limit", "size=1MB")

    assert ran.code == 0, ran.err
    recipe = Recipe.load(folder / "recipe.toml")
    assert recipe.study.target == "onnx-int8"
    assert recipe.evidence["size_bytes"] != 4 * recipe.evidence["params"]
    assert "on one CPU thread as ONNX in int8" in " ".join(ran.out.split())


def test_a_target_without_its_packages_is_refused_before_any_work(
    folder: Path, teacher: Path, reviews: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autodistill.training.onnx_graph.find_spec", lambda _: None)

    said = refused("--dataset", reviews, "--teacher", teacher, "--target", "onnx")

    assert "--target onnx needs the packages onnx, onnxruntime, onnxscript" in said
    assert "pip install 'kd-autodistill[onnx]'" in said


@pytest.mark.slow
def test_training_says_how_to_write_the_file_and_that_command_works(
    folder: Path, teacher: Path, reviews: Path
) -> None:
    words = ["--dataset", reviews, "--teacher", teacher, "--trials", "1", "--workers", "1"]
    run_cli("search", *words, "--no-past", "--target", "onnx-int8")

    trained = run_cli("train", folder / "recipe.toml", "--out", folder / "student")

    command = f"autodistill export {folder / 'student'} --onnx --int8"
    assert f"  {command}\n" in trained.out, trained.out + trained.err
    ran = run_cli(*command.split()[1:])
    assert ran.code == 0, ran.err
    assert (folder / "student" / "model-int8.onnx").is_file()
