"""The audit of a recipe as a person gets it."""

import re
from pathlib import Path

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.commands import run_cli


def test_a_recipe_is_audited_without_reading_the_held_out_test(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    terms = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))
    pipeline = Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-3, "batch": 32}))
    Recipe(Study(str(reviews), str(teacher)), pipeline, epochs=2, seed=0, evidence={}).save(
        folder / "recipe.toml"
    )

    ran = run_cli("audit", "recipe.toml")

    assert ran.code == 0, ran.err
    assert re.search(r"membership  0\.\d{3}", ran.out)
    assert len(re.findall(r"after \d/4", ran.out)) == 3
    assert re.search(
        r"student     entropy of the states, layer by layer: \d\.\d\d \d\.\d\d bits", ran.out
    )
    assert "Held-out test" not in ran.out
    assert not (folder / "autodistill.db").exists()
