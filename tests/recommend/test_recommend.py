"""`autodistill recommend --dataset`: from past studies to a recipe that runs."""

import random
from pathlib import Path

import pytest

from autodistill.storage import Store
from autodistill.storage.files import publish
from autodistill.study.recipe import Recipe
from tests.commands import question, run_cli
from tests.fakes import sentences, write_csv
from tests.recommend.studies import past
from tests.search.test_campaign import SPACE

MIXED = (
    SPACE
    + """
[mixup.none]
[mixup.embedding]
alpha = 0.4
ratio = 1.0
teacher = ["interpolate"]
per = ["row"]
"""
)


@pytest.fixture
def studies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six studies in ./studies, in which mixup helps, and no others."""
    for place in range(6):
        publish(past(place), f"set{place}", folder / "studies" / f"set{place}")
    (folder / "small.toml").write_text(MIXED, encoding="utf-8")
    monkeypatch.setattr(
        "autodistill.study.spaces.folders",
        lambda kind: [folder / kind] if (folder / kind).is_dir() else [],
    )
    return folder / "studies"


def ask(*words: object) -> list[object]:
    return ["recommend", "--space", "small.toml", *words]


@pytest.mark.slow
def test_a_recipe_for_a_new_dataset_says_what_it_has_earned_and_can_be_run(
    folder: Path, studies: Path, reviews: Path, teacher: Path
) -> None:
    ran = run_cli(*ask("--dataset", reviews, "--teacher", teacher, "-o", "recipe.toml"))
    again = run_cli(*ask("--dataset", reviews, "--teacher", teacher))

    assert ran.code == 0, ran.err
    assert "6 studies of 6 datasets, 72 pipelines" in ran.err
    assert "earned" in ran.out
    assert "80 % interval" in ran.out
    assert "near      set" in ran.out
    recipe = Recipe.load(folder / "recipe.toml")
    assert recipe.pipeline.stage("mixup").name == "embedding"
    assert recipe.evidence["source"] == "6 past studies"
    assert "choosing a model" in ran.err
    assert "choosing a model" not in again.err
    done = run_cli("run", "recipe.toml", "--out", "student")
    assert done.code == 0, done.err


def test_students_are_shown_one_by_one_and_limits_are_kept(
    folder: Path, studies: Path, reviews: Path, teacher: Path
) -> None:
    every = run_cli(*ask("--dataset", reviews, "--teacher", teacher, "--students"))
    none = run_cli(*ask("--dataset", reviews, "--teacher", teacher, "--limit", "params=10"))

    assert every.out.count("cut(keep=0.5") >= 1 <= every.out.count("cut(keep=1")
    assert none.code == 2
    assert "raise --limit" in none.err


def test_without_studies_or_without_a_question_it_says_what_to_do(
    folder: Path, studies: Path, reviews: Path, teacher: Path
) -> None:
    bare = run_cli(*ask("--dataset", reviews, "--teacher", teacher, "--no-shared"))
    neither, both = run_cli("recommend"), run_cli("recommend", "--dataset", reviews, "--study", "s")

    assert bare.code == neither.code == both.code == 2
    assert "no study to learn from" in bare.err
    assert "needs either --dataset" in neither.err == both.err


@pytest.mark.slow
def test_a_search_tries_what_past_studies_suggest_and_says_so(
    folder: Path, studies: Path, reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (*question("search", reviews, teacher), "--study", "s", "--rows", 100)

    ran = run_cli(*asked, "--trials", 20, "--past")
    again = run_cli(*asked, "--trials", 21)

    assert ran.code == 0, ran.err
    assert "6 studies suggest" in ran.err
    record = Store("autodistill.db").record("s")
    assert len(record.facts.hints or ()) >= 2
    assert len(record.outcomes) == 21, again.err
    hinted = [
        o
        for o in record.outcomes
        if not o.baseline and o.pipeline.stage("mixup").name == "embedding"
    ]
    assert hinted


def test_a_short_search_and_one_without_past_ask_no_past_studies(
    folder: Path, studies: Path, reviews: Path, teacher: Path
) -> None:
    asked = (*question("search", reviews, teacher), "--rows", 100)

    short = run_cli(*asked, "--study", "short", "--trials", 4, "--past")

    assert short.code == 0, short.err
    assert "suggest" not in short.err
    assert Store("autodistill.db").record("short").facts.hints is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_label_noise_nothing_is_recommended(
    folder: Path, studies: Path, teacher: Path, seed: int
) -> None:
    draw = random.Random(seed)
    write_csv(
        folder / "noise.csv", [(text, draw.choice(["neg", "pos"])) for text, _ in sentences(400)]
    )

    ran = run_cli(*ask("--dataset", "noise.csv", "--teacher", teacher))

    assert "nothing to distil" in ran.out + ran.err
    assert ran.code == 2 or "how sure  not at all" in ran.out
