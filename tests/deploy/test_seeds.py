"""Several seeds of a recipe: the median student is written, the spread reported."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.deploy import full_run, writer
from autodistill.deploy.score_lines import score_lines
from autodistill.deploy.seeds import median_place, take, write_numbers
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from autodistill.training.full import train_in_full
from tests.fakes import sentences, write_csv

METRICS = {
    "metric": "accuracy",
    "seeds": [0, 1, 2],
    "seed": 2,
    "seed_validations": [0.5, 0.75, 0.7],
    "seed_tests": [0.6, 0.6, 0.6],
}


@pytest.mark.parametrize(
    ("scores", "place"),
    [([0.9], 0), ([0.1, 0.9, 0.5], 2), ([0.4, 0.3, 0.2, 0.1], 2), ([0.5, 0.5, 0.5], 1)],
)
def test_the_median_is_the_one_in_the_middle_and_of_an_even_number_the_lower(
    scores: list[float], place: int
) -> None:
    assert median_place(scores) == place


def test_a_student_leaves_the_cache_without_what_was_kept_beside_it(tmp_path: Path) -> None:
    kept, draft = tmp_path / "kept", tmp_path / "draft"
    for folder in (kept, draft):
        folder.mkdir()
    (kept / "config.json").write_text("{}")
    (kept / ".checksums").write_text("")
    write_numbers(kept, {"validation": 0.5})

    take(kept, draft)

    assert [p.name for p in draft.iterdir()] == ["config.json"]


def test_the_spread_is_told_and_which_seed_was_written() -> None:
    (line,) = score_lines(METRICS)

    assert line == (
        "3 seeds: validation accuracy 0.6500 on average (standard deviation 0.1323, 0.5000 to "
        "0.7500), held-out test 0.6000 on average (standard deviation 0.0000, 0.6000 to 0.6000); "
        "written: seed 2, the median by validation score"
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, teacher: Path) -> Path:
    """A folder with two seeds of a recipe, interrupted in the second and begun again."""
    folder = tmp_path_factory.mktemp("seeds")
    data = write_csv(folder / "few.csv", sentences(100))
    terms = (Term(Part("kl", {"temperature": 1.0}), 1.0),)
    pipeline = Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-4}))
    Recipe(Study(str(data), str(teacher)), pipeline, 1).save(folder / "recipe.toml")
    trained: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(folder / "home"))
        patch.setattr(writer, "check_reload", lambda *_: 0.0)
        train = train_in_full

        def once_interrupted(*words: Any, seed: int, **more: Any) -> Any:
            trained.append(seed)
            if trained == [0, 1]:
                raise KeyboardInterrupt
            return train(*words, seed=seed, **more)

        patch.setattr(writer, "train_in_full", once_interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(folder)
        assert not (folder / "student").exists()
        run(folder)
    (folder / "trained.json").write_text(json.dumps(trained))
    return folder


def run(folder: Path) -> None:
    """Train two seeds of the recipe."""
    recipe = replace(Recipe.load(folder / "recipe.toml"))
    known: dict[str, Any] = {"force": False, "storage": str(folder / "s.db"), "data_root": None}
    full_run.run(recipe, folder / "student", screen=Screen(), seeds=2, **known)


def test_a_seed_that_was_trained_before_an_interruption_is_not_trained_again(place: Path) -> None:
    assert json.loads((place / "trained.json").read_text()) == [0, 1, 1]


def test_the_folder_holds_the_median_student_and_the_scores_of_all(place: Path) -> None:
    student = place / "student"
    metrics = json.loads((student / "metrics.json").read_text())

    low = metrics["seeds"][int(np.argmin(metrics["seed_validations"]))]
    assert metrics["seeds"] == [0, 1]
    assert metrics["seed"] == low == Recipe.load(student / "recipe.toml").seed
    assert metrics["validation"] == min(metrics["seed_validations"])
    assert metrics["validation_of"] == "student"
    assert not (student / "numbers.json").exists()


def test_the_held_out_test_is_read_once_for_all_seeds(place: Path) -> None:
    metrics = json.loads((place / "student" / "metrics.json").read_text())
    store = Store(str(place / "s.db"))
    (study,) = store.studies()

    (reading,) = store.test_readings(study.name)

    assert reading.scores["seed_tests"] == metrics["seed_tests"]
    at = metrics["seeds"].index(metrics["seed"])
    assert metrics["seed_tests"][at] == pytest.approx(metrics["student_test"])
