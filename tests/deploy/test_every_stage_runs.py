"""`run` trains a recipe with any stage that a space can write."""

import json
from pathlib import Path

import pytest

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.commands import run_cli

KD = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))
PLAIN = Pipeline(Part("cut", {"keep": 0.5}), KD, Part("adamw", {"lr": 1e-4}))
FEATURE = Term(Part("mse"), 0.1, Part("skip"), Part("norm_linear"))
RECIPES = {
    "companion": PLAIN.with_stages(companion=Part("ema")),
    "tutor": PLAIN.with_stages(tutor=Part("assistant")),
    "post": PLAIN.with_stages(post=Part("calibrated")),
    "regularizer": PLAIN.with_stages(regularizer=Part("l2_sp")),
    "connector": Pipeline(PLAIN.student, (*KD, FEATURE), PLAIN.optimizer),
}


@pytest.mark.slow
@pytest.mark.parametrize("stage", sorted(RECIPES))
def test_a_recipe_with_this_stage_is_trained_and_written(
    stage: str, reviews: Path, teacher: Path, folder: Path
) -> None:
    Recipe(Study(str(reviews), str(teacher)), RECIPES[stage], epochs=1).save(Path("recipe.toml"))

    ran = run_cli("run", "recipe.toml", "--out", "student")

    assert ran.code == 0, ran.err
    assert (folder / "student" / "model.safetensors").exists()
    assert json.loads((folder / "student" / "metrics.json").read_text(encoding="utf-8"))
