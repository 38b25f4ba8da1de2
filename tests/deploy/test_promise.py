"""The score that a recipe or a student's folder promises, and those that promise none."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autodistill.deploy.promise import Promise, Source, promise_of
from autodistill.errors import SpecError
from autodistill.runtime.packages import versions_here
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.commands import run_cli
from tests.records import pipeline

EVIDENCE: dict[str, Any] = {
    "study": "tiny",
    "metric": "accuracy",
    "score": 0.5,
    "score_interval": [0.49, 0.51],
    "seeds": 3,
    "selection_rows": 16,
    "trained_on_rows": 64,
    "trained_for_epochs": 1,
    "seed_deviation": 0.4,
    "seed_freedom": 6,
    "versions": versions_here(),
}
STUDENT: dict[str, Any] = {
    "metric": "accuracy",
    "validation_of": "student",
    "validation": 0.6,
    "validation_interval": [0.5, 0.7],
    "validation_rows": 16,
    "validation_trained_on_rows": 64,
    "validation_epochs": 1,
    "versions": versions_here(),
}


def promised(evidence: Mapping[str, Any], metrics: Mapping[str, Any] | None = None) -> Promise:
    """The promise of a recipe with this evidence, and of a student with these metrics."""
    recipe = Recipe(Study("few.csv"), pipeline(), 1, evidence=evidence)
    return promise_of(Source("r.toml", recipe, metrics or {}))


def test_a_recipe_promises_the_mean_of_its_search() -> None:
    promise = promised(EVIDENCE)

    assert (promise.score, promise.runs, promise.spread.deviation) == (0.5, 3, 0.4)
    assert not promise.is_same_training


def test_a_student_that_learned_from_the_validation_rows_has_the_promise_of_its_recipe() -> None:
    metrics = {**STUDENT, "validation_of": "recipe", "student_test": 0.9}

    assert promised(EVIDENCE, metrics) == promised(EVIDENCE)


def test_students_that_differ_in_their_seed_promise_their_mean() -> None:
    metrics = {**STUDENT, "seeds": [4, 5], "seed_validations": [0.6, 0.8]}

    promise = promised(EVIDENCE, metrics)

    assert promise.score == pytest.approx(0.7)
    assert (promise.runs, promise.last_seed) == (2, 5)
    assert promise.spread.freedom == EVIDENCE["seed_freedom"] + 1
    assert promise.is_same_training


def test_one_student_of_an_old_folder_takes_its_spread_from_the_error_over_rows() -> None:
    promise = promised({}, STUDENT)

    assert promise.spread.deviation == pytest.approx(0.1 / 1.96)
    assert promise.spread.freedom == 4


def test_unlabelled_rows_count_for_the_length_of_a_training() -> None:
    assert promised(EVIDENCE, {**STUDENT, "unlabelled_rows": 900}).rows_seen == 964


def test_a_recipe_without_a_spread_over_seeds_is_refused_and_says_how_to_get_one() -> None:
    old = {k: v for k, v in EVIDENCE.items() if not k.startswith("seed_")}

    with pytest.raises(SpecError, match="holds no interval for a new training") as error:
        promised(old)

    assert "autodistill recommend --study tiny --out FILE" in str(error.value)


def test_a_recipe_of_past_studies_promises_nothing() -> None:
    with pytest.raises(SpecError, match="promises no score"):
        promised({})


def test_every_wrong_number_is_named() -> None:
    with pytest.raises(SpecError) as error:
        promised({**EVIDENCE, "score": "high", "seed_deviation": -1.0})

    assert len(error.value.problems) == 2
    assert "evidence: score is 'high'" in error.value.problems[0]
    assert "evidence: seed_deviation is -1.0" in error.value.problems[1]


def test_an_end_of_an_interval_that_is_no_number_is_named() -> None:
    metrics = {**STUDENT, "validation_interval": [float("nan"), 0.7]}

    with pytest.raises(SpecError, match=r"metrics.json: validation_interval.0 is nan"):
        promised(EVIDENCE, metrics)


def test_a_folder_without_its_metrics_is_refused(folder: Path) -> None:
    (folder / "student").mkdir()
    Recipe(Study("few.csv"), pipeline(), 1).save(folder / "student" / "recipe.toml")
    (folder / "student" / "metrics.json").write_text(json.dumps([])[:1], encoding="utf-8")

    ran = run_cli("replay", "student")

    assert ran.code == 2
    assert "student/metrics.json cannot be read: it is no json" in ran.err
