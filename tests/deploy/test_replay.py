"""A recipe trained again, and whether its score lands where the recipe says."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.deploy import writer
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.commands import Ran, files_in, run_cli
from tests.deploy.test_promise import EVIDENCE, STUDENT
from tests.fakes import sentences, write_csv


@pytest.fixture
def recipe(folder: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """A recipe with a wide interval, in a folder with its dataset."""
    monkeypatch.setattr(writer, "check_reload", lambda *_: 0.0)
    write_csv(folder / "few.csv", sentences(100))
    terms = (Term(Part("kl", {"temperature": 1.0}), 1.0),)
    pipeline = Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-4}))
    made = Recipe(Study("few.csv", str(teacher)), pipeline, 1, evidence=EVIDENCE)
    made.save(folder / "recipe.toml")
    return made


def replayed(recipe: Recipe, *words: object, **evidence: Any) -> Ran:
    """The replay of a recipe whose evidence says this."""
    replace(recipe, evidence={**EVIDENCE, **evidence}).save("recipe.toml")
    return run_cli("replay", "recipe.toml", *words)


def student_folder(recipe: Recipe, metrics: Mapping[str, Any]) -> Path:
    """A folder that has what a replay reads of a student."""
    Path("student").mkdir()
    recipe.save("student/recipe.toml")
    Path("student/metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    return Path("student")


def test_a_score_inside_the_interval_ends_with_0_and_leaves_nothing_behind(
    recipe: Recipe, folder: Path
) -> None:
    before = files_in(folder)

    ran = replayed(recipe)

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Inside: validation accuracy ")
    assert "0.5000 promised" in ran.out
    assert "(seed 4), 1 epoch on 64 rows" in ran.out
    assert "Held-out test" not in ran.out
    assert files_in(folder) == before


def test_a_score_below_the_interval_ends_with_1(recipe: Recipe) -> None:
    untaught = replace(
        recipe.pipeline,
        student=Part("scratch", {"layers": 1, "width": 64}),
        optimizer=Part("adamw", {"lr": 1e-5}),
    )

    ran = replayed(replace(recipe, pipeline=untaught), score=1.0, seed_deviation=0.0, seeds=1)

    assert ran.code == 1
    assert ran.out.startswith("Below: ")
    assert "one run, which was chosen for it" in ran.out


def test_a_score_above_the_interval_of_the_same_training_ends_with_1(recipe: Recipe) -> None:
    found = {**STUDENT, "validation": 0.01, "validation_interval": [0.01, 0.01]}

    ran = run_cli("replay", student_folder(replace(recipe, evidence={}), found))

    assert ran.code == 1
    assert ran.out.startswith("Above: ")


def test_a_longer_training_than_the_search_s_may_be_above(recipe: Recipe) -> None:
    ran = replayed(
        *(recipe, "--json", "replay.json"), score=0.01, seed_deviation=0.0, trained_on_rows=30
    )

    found = json.loads(Path("replay.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    assert "longer than those of the search: the promise is kept" in ran.out
    assert (found["finding"], found["is_kept"]) == ("above", True)
    assert found["interval"][1] < found["score"] == found["scores"][0]


def test_a_recipe_that_promises_nothing_is_refused_before_any_training(
    recipe: Recipe, folder: Path
) -> None:
    replace(recipe, evidence={}).save("first.toml")
    before = files_in(folder)

    ran = run_cli("replay", "first.toml")

    assert ran.code == 2
    assert "first.toml promises no score" in ran.err
    assert "data " not in ran.err
    assert files_in(folder) == before


def test_several_seeds_are_trained_anew_and_their_mean_is_compared(recipe: Recipe) -> None:
    words = ("--seeds", 2, "--out", "again", "--json", "replay.json")
    replayed(recipe, "--seeds", 2)

    ran = replayed(recipe, *words)

    found, metrics = (
        json.loads(Path(file).read_text(encoding="utf-8"))
        for file in ("replay.json", "again/metrics.json")
    )
    assert ran.code == 0, ran.err
    assert "trained before" not in ran.err
    assert found["seeds"] == metrics["seeds"] == [4, 5]
    assert found["score"] == pytest.approx(sum(metrics["seed_validations"]) / 2)
    assert "student_test" not in metrics
    assert metrics["test_note"] == "a replay does not read the held-out test"
    assert Recipe.load(Path("again/recipe.toml")).seed == metrics["seed"]
    assert not Path("autodistill.db").exists()


def test_other_rows_are_refused_unless_wanted(recipe: Recipe, folder: Path) -> None:
    assert run_cli("train", "recipe.toml", "--seeds", 2, "--out", "student").code == 0
    write_csv(folder / "few.csv", sentences(100, seed=5))

    ran, again = run_cli("replay", "student"), run_cli("replay", "student", "--anyway")

    assert ran.code == 2
    assert "few.csv is not the dataset that student was scored on" in ran.err
    assert again.code in (0, 1), again.err
    assert "changed   the rows of the dataset differ." in again.err


def test_a_folder_is_replayed_against_its_own_seeds(recipe: Recipe) -> None:
    assert run_cli("train", "recipe.toml", "--seeds", 2, "--out", "student").code == 0

    ran = run_cli("replay", "student")

    assert ran.code == 0, ran.out + ran.err
    assert "Promised: the mean of 2 trainings, 1 epoch on 64 rows" in ran.out
    assert "(seed 2)" in ran.out
    assert "changed" not in ran.err
    assert "version" not in ran.err


def test_another_teacher_and_other_versions_are_said_before_the_training(
    recipe: Recipe, folder: Path, teacher: Path
) -> None:
    assert run_cli("train", "recipe.toml", "--seeds", 2, "--out", "student").code == 0
    shutil.copytree(teacher, folder / "other")
    config = folder / "other" / "config.json"
    config.write_text(config.read_text().replace('"neg"', '"neg" '), encoding="utf-8")
    made = Recipe.load(folder / "student" / "recipe.toml")
    other = replace(made, study=replace(made.study, teacher="other"))
    evidence = {**EVIDENCE, "versions": {"torch": "0.1"}}
    replace(other, evidence=evidence).save("recipe.toml")

    ran = run_cli("replay", "recipe.toml")

    told = ran.err.index("torch: was 0.1, now "), ran.err.index("changed   the teacher differs.")
    assert max(told) < ran.err.index("training  64 rows")


def test_a_score_in_another_metric_is_no_promise(recipe: Recipe) -> None:
    ran = replayed(recipe, metric="macro_f1")

    assert ran.code == 2
    assert "promises a score in macro_f1, its question is about accuracy" in ran.err
