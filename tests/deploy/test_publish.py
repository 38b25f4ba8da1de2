"""A student pushed to the hub: what goes, what stays, and what the page then says."""

import json
import tomllib
from pathlib import Path

import pytest

from autodistill.deploy.shared_files import SharedFiles
from autodistill.registry import families
from autodistill.report.model_card import HERE
from tests.commands import run_cli
from tests.deploy.fake_hub import Hub, publishable
from tests.written import write_student


@pytest.fixture
def student(folder: Path, teacher: Path, reviews: Path) -> Path:
    """A folder to push."""
    return publishable(folder, teacher, reviews)


def test_a_dry_run_says_what_would_go_where_and_what_stays(student: Path) -> None:
    ran = run_cli("publish", student, "--repo", "me/bag", "--dry-run")

    assert ran.code == 0, ran.err
    assert "To https://huggingface.co/me/bag (private), " in ran.out
    assert "  model.safetensors " in ran.out
    assert "Stays here: predicted.csv, test_logits.npy." in ran.out
    assert "names among them" in ran.out
    assert "Warning: The licence of the dataset is not known here" in ran.out
    assert ran.out.endswith("Nothing was pushed.\n")


@pytest.mark.parametrize("kind", families.names("students"))
def test_every_file_that_a_student_needs_goes(kind: str, tmp_path: Path, teacher: Path) -> None:
    folder = write_student(kind, tmp_path / "student", teacher)
    (folder / "README.md").write_text("---\n---\n", encoding="utf-8")

    assert SharedFiles.of(folder).stay == ()


def test_what_is_pushed_is_private_and_names_no_place_on_this_machine(
    student: Path, folder: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)
    card = student / "README.md"
    card.write_text(card.read_text() + f"\nfrom {teacher}\n", encoding="utf-8")

    ran = run_cli("publish", student, "--repo", "me/bag")

    question = tomllib.loads(hub.files["recipe.toml"])["question"]
    assert ran.code == 0, ran.err
    assert hub.given["private"] is True
    assert question["dataset"] == "reviews.csv"
    assert question["teacher"] == teacher.name
    assert hub.files["README.md"].endswith(f"\nfrom {teacher.name}\n")
    assert json.loads(hub.files["onnx.json"])["compared_on"]["source"] == "9 rows of mine.csv"
    assert json.loads(hub.files["onnx.json"])["labels"] == ["/m/01", "pos"]
    assert not {"predicted.csv", "test_logits.npy"} & hub.files.keys()
    assert str(folder) not in "".join(hub.files.values())
    assert "cut to their last part in recipe.toml, README.md, onnx.json: mine.csv" in ran.out
    assert "Only you can read it; its page, Settings, makes it public." in ran.out


def test_the_card_that_is_pushed_loads_the_student_from_where_it_is(
    student: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)

    run_cli("publish", student, "--repo", "me/bag")

    assert HERE not in hub.files["README.md"]
    assert 'model="me/bag"' in hub.files["README.md"] or '"me/bag"' in hub.files["README.md"]
    assert HERE in (student / "README.md").read_text(encoding="utf-8")


def test_an_unknown_licence_is_a_warning(student: Path) -> None:
    text = (student / "README.md").read_text(encoding="utf-8")
    lines = [x if not x.startswith("license:") else "license: unknown" for x in text.splitlines()]
    (student / "README.md").write_text("\n".join(lines), encoding="utf-8")

    ran = run_cli("publish", student, "--repo", "me/bag", "--dry-run")

    assert "is not known here: the card says 'license: unknown'" in ran.out
