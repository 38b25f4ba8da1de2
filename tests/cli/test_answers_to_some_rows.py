"""The whole job with an LLM's answers to the unlabelled rows alone, as people often have them."""

import json
from pathlib import Path

import pytest

from autodistill.storage.files import read
from autodistill.study.recipe import Recipe
from tests.commands import run_cli, says
from tests.fakes import sentences, write_csv

LABELLED, MORE = sentences(200), sentences(80, seed=3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Labelled rows, and a file of answers to other texts whose column has a name of its own."""
    write_csv(tmp_path / "data.csv", LABELLED)
    rows = [f"{text},{label == 'neg':d},{label == 'pos':d}\n" for text, label in MORE]
    (tmp_path / "llm.csv").write_text("message,neg,pos\n" + "".join(rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.slow
def test_search_train_report_and_publish_do_without_the_teachers_score(folder: Path) -> None:
    asked = ("--dataset", "data.csv", "--teacher", "llm.csv", "--space", "quick", "--no-past")
    ran = run_cli("search", *asked, "--trials", "5", "--workers", "2")

    assert ran.code == 0, ran.err
    says(ran.out + ran.err, "not scored", "labels stand in", "unlabelled rows")
    assert "of its accuracy" not in ran.out
    assert "the same class as the teacher" not in ran.out
    recipe = Recipe.load(folder / "recipe.toml")
    assert "teacher_score" not in recipe.evidence
    name = str(recipe.evidence["study"])

    trained = run_cli("train", "recipe.toml", "--out", "student")
    assert trained.code == 0, trained.err
    assert "its teacher, validation" not in (folder / "student" / "README.md").read_text()
    metrics = json.loads((folder / "student" / "metrics.json").read_text())
    assert metrics["teacher_validation"] is None

    for words in (("report", name), ("studies", "publish", name, "--to", "published")):
        assert run_cli(*words).code == 0
    record = read(folder / "published")
    assert record.facts.teacher_score is None
    assert record.selection is not None
    assert (len(record.selection.labels) > 0, record.selection.teacher) == (True, b"")
