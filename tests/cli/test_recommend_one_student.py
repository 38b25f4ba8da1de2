"""The recipe of a study by the size of its student, or by the number of its trial."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.storage import Store
from autodistill.study.recipe import Recipe
from autodistill.study.results import Trial
from autodistill.study.study import Study
from tests.commands import Ran, run_cli
from tests.records import FACTS, outcome, write_study

SIZES = {0: 1e6, 1: 3e5, 2: 5e4}
"""Parameters by trial; the teacher has a million."""


def of_size(number: int, score: float, **changed: Any) -> Trial:
    """A run of a student with so many parameters."""
    cost = {"params": SIZES[number], "size_bytes": 4 * SIZES[number], "train_seconds": 1.0}
    return replace(outcome(number, score), cost=cost, **changed)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database: better students are larger; trial 3 failed, 4 learned from a shuffled teacher."""
    store = Store(str(tmp_path / "x.db"))
    store.begin(
        Study("reviews.csv", metric="accuracy"), FACTS | {"teacher_params": 10**6}, name="tiny"
    )
    runs = [of_size(0, 0.9), of_size(1, 0.8), of_size(2, 0.7)]
    runs += [outcome(3, 0.0, "failed"), replace(outcome(4, 0.5), baseline="random")]
    for run in runs:
        store.add("tiny", run)
    store.close()
    return tmp_path / "x.db"


def ask(place: Path, *words: object) -> Ran:
    """`recommend` about this study."""
    return run_cli("recommend", "--study", "tiny", "--storage", place, *words)


@pytest.mark.parametrize(("size", "params"), [("best", 1e6), ("balanced", 3e5), ("smallest", 5e4)])
def test_the_recommended_student_of_a_size_is_written(
    place: Path, tmp_path: Path, size: str, params: float
) -> None:
    ran = ask(place, "--choose", size, "--out", tmp_path / "r.toml")

    assert ran.code == 0, ran.err
    assert Recipe.load(tmp_path / "r.toml").evidence["params"] == params


def test_the_recipe_of_a_trial_is_written_though_others_are_better(
    place: Path, tmp_path: Path
) -> None:
    ran = ask(place, "--trial", 2, "--out", tmp_path / "r.toml")

    recipe = Recipe.load(tmp_path / "r.toml")
    assert ran.out.startswith("Trial 2 of study tiny: cut")
    assert recipe.pipeline == outcome(2, 0.7).pipeline
    assert (recipe.evidence["trial"], recipe.evidence["score"]) == (2, 0.7)


def test_the_printed_command_asks_for_the_same_student_again(place: Path) -> None:
    trial, size = ask(place, "--trial", 1), ask(place, "--choose", "smallest")

    assert "recommend --study tiny --trial 1 --out recipe.toml --storage" in trial.out
    assert "recommend --study tiny --choose smallest --out recipe.toml --storage" in size.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trial", 9), "study 'tiny' has no trial 9; it has 5, numbered from 0 to 4."),
        (("--trial", 3), "trial 3 of study 'tiny' is failed: it has no complete run"),
        (("--trial", 4), "trial 4 of study 'tiny' learned from a shuffled teacher"),
        (("--trial", 1, "--choose", "best"), "--trial 1 names one recipe; leave --choose out."),
        (("--trial", 1, "--limit", "params=5M"), "--trial 1 names one recipe; leave --limit out."),
        (
            ("--choose", "smallest", "--limit", "size=1KB"),
            "no complete run of a student within --choose smallest; the nearest is trial 2",
        ),
        (("--choose", "tiny"), "--choose tiny:"),
    ],
)
def test_a_student_that_is_not_there_is_one_message(
    place: Path, words: tuple[object, ...], said: str
) -> None:
    ran = ask(place, *words)

    assert ran.code == 2
    assert said in ran.err


def test_a_study_that_does_not_know_its_teacher_has_no_sizes(tmp_path: Path) -> None:
    ran = ask(write_study(tmp_path / "y.db", outcome(0, 0.9)), "--choose", "smallest")

    assert ran.code == 2
    assert "study 'tiny' does not know how large its teacher is" in ran.err


@pytest.mark.parametrize("words", [("--choose", "best"), ("--trial", "1")])
def test_one_student_of_no_study_is_refused(words: tuple[str, str]) -> None:
    ran = run_cli("recommend", "--dataset", "reviews.csv", *words)

    assert ran.code == 2
    assert f"{words[0]} is about a study that is finished; name it with --study." in ran.err
