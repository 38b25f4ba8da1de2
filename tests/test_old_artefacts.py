"""Artefacts that commit a48274c wrote are still read.

They are its database, recipes, cache and published study.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
OLD = Path(__file__).parent / "data" / "a48274c"
RUNS = 32
ASKED = ("--dataset", "reviews.csv", "--workers", "1")
FILMS = (*ASKED, "--teacher", "teacher", "--space", "small.toml", "--study", "films")
WORDS = (*ASKED, "--teacher", "soft.csv", "--space", "words.toml", "--study", "words")


def autodistill(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a copy of the artefacts, as a person does; it has to succeed."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("AUTODISTILL_")}
    env |= {"COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[1])}
    env |= {"AUTODISTILL_PAST": "0", "AUTODISTILL_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "autodistill", *words]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran


def cached(folder: Path) -> set[str]:
    """Every file of the cache, but lock files."""
    home = folder / "cache"
    return {p.relative_to(home).as_posix() for p in home.rglob("*") if p.suffix != ".lock"}


def toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of what a48274c wrote."""
    return shutil.copytree(OLD, tmp_path / "old")


@pytest.fixture(scope="module")
def gone_on(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy in which the study has gone on for one run, and what the search told on the way."""
    folder = shutil.copytree(OLD, tmp_path_factory.mktemp("gone") / "old")
    trials = ("--trials", str(RUNS + 1), "--closing-share", "0")
    return folder, autodistill(folder, "search", *FILMS, *trials).stderr


def test_a_database_of_the_first_version_is_listed(old: Path) -> None:
    lines = autodistill(old, "ls", "studies").stdout.splitlines()

    rows = {line.split()[0]: line.split()[1:4] for line in lines if "reviews.csv" in line}
    assert rows["films"] == ["reviews.csv", str(RUNS), "0.8684"]
    assert rows["words"] == ["reviews.csv", "5", "0.6053"]
    assert rows["reviews-9d816385"][:2] == ["reviews.csv", "0"]


def test_a_study_of_the_first_version_is_shown(old: Path) -> None:
    shown = autodistill(old, "show", "studies", "films").stdout

    facts = {line.split()[0]: line.split()[1:] for line in shown.splitlines() if line.split()}
    assert facts["fingerprint"][0].startswith("{'log_rows'")
    assert (facts["complete"], facts["stopped"]) == (["22"], ["10"])
    assert "836d7e4c8af7cacc-a7d280d916f168cf-168cf037" in shown
    assert "(trials 4, 7, 10; cheapest first)" in shown


def test_a_study_of_the_first_version_gives_the_same_recipe(old: Path) -> None:
    autodistill(old, "recommend", "--study", "films", "--out", "again.toml")

    before, now = toml(old / "recipe.toml"), toml(old / "again.toml")
    assert [now[k] for k in ("question", "training", "pipeline")] == [
        before[k] for k in ("question", "training", "pipeline")
    ]
    assert now["evidence"].keys() >= before["evidence"].keys()
    assert now["evidence"]["score"] == before["evidence"]["score"] == 0.868421


def test_a_database_of_the_first_version_goes_on(gone_on: tuple[Path, str]) -> None:
    _, told = gone_on

    trials = [line for line in told.splitlines() if line.startswith("trial ")]
    assert f"study     films in autodistill.db: going on after {RUNS} runs" in told
    assert [line.split()[1] for line in trials] == [str(RUNS)]
    assert f"{RUNS + 1} of {RUNS + 1}" in trials[0]


def test_a_study_that_goes_on_keeps_its_old_runs(gone_on: tuple[Path, str]) -> None:
    folder, _ = gone_on

    ran = autodistill(folder, "studies", "publish", "films", "--to", "now")

    assert f"outcomes.csv ({RUNS + 1} runs)" in ran.stdout
    for name in ("outcomes.csv", "guesses.csv"):
        before = (folder / "published" / "films" / name).read_text(encoding="utf-8")
        assert (folder / "now" / name).read_text(encoding="utf-8").startswith(before)
    before_asked, asked = (toml(folder / p / "study.toml") for p in ("published/films", "now"))
    assert asked["question"] == before_asked["question"]


def test_a_cache_of_the_first_version_answers_for_the_teacher(gone_on: tuple[Path, str]) -> None:
    folder, told = gone_on

    assert "0 teacher rows computed, 192 read from disk, 8 re-computed as a check" in told
    assert cached(folder) == cached(OLD)


@pytest.mark.slow
def test_a_cache_of_the_first_version_answers_for_a_file_of_labels(old: Path) -> None:
    told = autodistill(old, "search", *WORDS, "--trials", "5", "--out", "again.toml").stderr

    assert "0 teacher rows computed, 192 read from disk" in told
    assert "going on after 5 runs" in told
    assert "trial " not in told
    assert cached(old) == cached(OLD)


@pytest.mark.parametrize(
    ("recipe", "reading"),
    [
        ("advised.toml", 0.9166666666666666),
        pytest.param("recipe.toml", 0.8958333333333334, marks=pytest.mark.slow),
    ],
)
def test_a_recipe_of_the_first_version_trains_and_its_reading_of_the_test_stands(
    old: Path, recipe: str, reading: float
) -> None:
    ran = autodistill(old, "run", recipe, "--out", "student")

    metrics = json.loads((old / "student" / "metrics.json").read_text(encoding="utf-8"))
    assert "0 teacher rows computed, 192 read from disk" in ran.stderr
    assert "that score stands" in ran.stderr
    assert metrics["same_recipe"] is True
    assert metrics["student_test"] == pytest.approx(reading)
    assert toml(old / "student" / "recipe.toml") == toml(old / recipe)
    assert (old / "student" / "model.safetensors").is_file()


@pytest.mark.slow
def test_a_recipe_of_the_first_version_with_a_file_of_labels_trains(old: Path) -> None:
    ran = autodistill(old, "run", "words-recipe.toml", "--out", "student")

    assert "Held-out test, 48 rows: student accuracy" in ran.stdout
    assert toml(old / "student" / "recipe.toml") == toml(old / "words-recipe.toml")


def test_a_study_that_the_first_version_published_is_added(old: Path) -> None:
    ran = autodistill(old, "studies", "add", "published/films")

    assert f"Written to studies/films: {RUNS} runs on reviews.csv" in ran.stdout
    for path in (old / "published" / "films").iterdir():
        assert (old / "studies" / "films" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_a_study_that_the_first_version_published_is_reported(old: Path) -> None:
    ran = autodistill(old, "report", "published/films")

    page = (old / "report.html").read_text(encoding="utf-8")
    assert "Written to report.html: 1 study" in ran.stdout
    assert f"{RUNS} trials" in page
    assert "0.8684" in page
