"""The main job with a tiny teacher: search, run, recommend, search again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.commands import run_cli


def autodistill(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as a person does."""
    env = {**os.environ, "COLUMNS": "200", "AUTODISTILL_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, "-m", "autodistill", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run later commands in this process, in that folder."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("AUTODISTILL_HOME", str(folder / "home"))


@pytest.fixture(scope="module")
def searched(
    tmp_path_factory: pytest.TempPathFactory, reviews: Path, teacher: Path
) -> tuple[Path, str, str]:
    """A folder in which one search and one run have ended, with what they printed."""
    folder = tmp_path_factory.mktemp("job")
    first = autodistill(
        folder,
        "search",
        "--dataset",
        str(reviews),
        "--teacher",
        str(teacher),
        "--space",
        "quick",
        "--trials",
        "5",
        "--workers",
        "2",
    )
    assert first.returncode == 0, first.stderr
    second = autodistill(folder, "run", "recipe.toml", "--out", "student")
    assert second.returncode == 0, second.stderr
    return folder, first.stdout + first.stderr, second.stdout + second.stderr


def test_search_prints_leaders_a_recipe_and_the_next_command(
    searched: tuple[Path, str, str],
) -> None:
    folder, text, _ = searched

    assert "5 of 5" in text
    assert "Recommended\ncut(" in text
    assert "How sure" in text
    assert "autodistill train recipe.toml" in text
    assert (folder / "recipe.toml").exists()


def test_run_writes_a_folder_that_transformers_loads_with_the_same_bits(
    searched: tuple[Path, str, str],
) -> None:
    folder, _, text = searched
    code = (
        "import sys, numpy as np, torch; torch.set_num_threads(1)\n"
        "from transformers import AutoModelForSequenceClassification as M, AutoTokenizer as T\n"
        "from autodistill.datasets import load\n"
        "task = load(sys.argv[1]); m = M.from_pretrained('student').eval(); "
        "t = T.from_pretrained('student')\n"
        "with torch.inference_mode():\n"
        "    z = [m(**t(x, return_tensors='pt')).logits[0].numpy() for x in task.test.first]\n"
        "saved = np.load('student/test_logits.npy'); "
        "assert np.array_equal(np.stack(z), saved), np.abs(np.stack(z) - saved).max()\n"
    )
    dataset = _question(folder)["dataset"]

    done = subprocess.run(
        [sys.executable, "-c", code, dataset],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "bit for bit" in text
    assert np.isfinite(np.load(folder / "student" / "test_logits.npy")).all()


def test_run_names_every_file_that_it_wrote_but_those_of_the_tokenizer(
    searched: tuple[Path, str, str],
) -> None:
    folder, _, text = searched
    told = " ".join(text.split())
    kinds = {"model.safetensors", "config.json"}  # the weights, the config

    left = {p.name for p in (folder / "student").iterdir() if p.name not in told} - kinds

    assert "Written to student: weights, config, tokenizer, metrics.json" in told
    assert all(name.startswith(("tokenizer", "special_tokens", "vocab")) for name in left), left


def test_run_reports_student_beside_teacher_on_the_held_out_test(
    searched: tuple[Path, str, str],
) -> None:
    folder, _, text = searched
    metrics = json.loads((folder / "student" / "metrics.json").read_text())

    assert metrics["test_rows"] == 80
    assert metrics["student_test"] > 0.9
    assert metrics["params"] < metrics["teacher_params"]
    assert (
        f"student accuracy {metrics['student_test']:.4f}, teacher {metrics['teacher_test']:.4f}"
        in text
    )


@pytest.mark.long
@pytest.mark.parametrize("source", ["recipe.toml", "student"])
def test_the_recipe_of_a_search_keeps_its_promise(
    searched: tuple[Path, str, str], source: str
) -> None:
    folder, _, _ = searched

    ran = autodistill(folder, "replay", source)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith(("Inside: validation accuracy ", "Above: validation accuracy "))
    assert "changed" not in ran.stderr
    assert "version" not in ran.stderr


def test_a_second_search_asks_the_teacher_nothing_and_the_budget_is_a_total(
    searched: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, _ = searched
    question = _question(folder)
    there(folder, monkeypatch)

    again = run_cli(
        "search",
        "--dataset",
        question["dataset"],
        "--teacher",
        question["teacher"],
        "--space",
        "quick",
        "--trials",
        "5",
    )

    assert again.code == 0, again.err
    assert "0 teacher rows computed, 320 read from disk, 8 re-computed as a check" in again.err
    assert "going on after 5 runs" in again.err
    assert "trial   " not in again.err


@pytest.mark.slow
def test_the_held_out_test_is_scored_once_per_study(
    searched: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, _ = searched
    first = json.loads((folder / "student" / "metrics.json").read_text())
    there(folder, monkeypatch)

    again = run_cli("run", "recipe.toml", "--out", "student2")

    assert again.code == 0, again.err
    assert "that score stands" in again.err
    assert (
        json.loads((folder / "student2" / "metrics.json").read_text())["student_test"]
        == first["student_test"]
    )


def test_recommend_prints_the_same_recipe_again(
    searched: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, text, _ = searched
    there(folder, monkeypatch)
    name = next(line.split()[1] for line in text.splitlines() if line.startswith("study "))

    again = run_cli("recommend", "--study", name, "--out", "again.toml")

    assert again.code == 0, again.err
    recommended = text.partition("\nRecommended\n")[2].partition("\n")[0]
    assert recommended
    assert recommended in again.out


def _question(folder: Path) -> dict[str, str]:
    import tomllib

    question: dict[str, str] = tomllib.loads((folder / "recipe.toml").read_text())["question"]
    return question
