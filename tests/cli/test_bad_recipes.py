"""Recipes that cannot be run, and folders that cannot be written.

In each case there is one message, and nothing half-written.
"""

from pathlib import Path

import pytest

from tests.commands import refused, says

pytestmark = pytest.mark.usefixtures("folder")


def test_a_missing_recipe_is_answered_with_who_writes_one() -> None:
    says(
        refused("none.toml", verb="run"),
        "the recipe none.toml cannot be read: no such file",
        "`autodistill search` writes one",
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (b"format = \n", ["bad.toml is not valid TOML", "line 1"]),
        (b"\xff\xfe", ["bad.toml is not valid TOML"]),
        (b"", ["bad.toml is not a recipe: format, question, training, pipeline missing"]),
        (
            b"format = 2\n[question]\n[training]\n[pipeline]\n",
            ["bad.toml has format 2, this version reads 1", "Upgrade"],
        ),
    ],
    ids=["broken", "binary", "empty", "newer"],
)
def test_a_broken_recipe_is_refused_with_its_name(
    text: bytes, parts: list[str], folder: Path
) -> None:
    (folder / "bad.toml").write_bytes(text)

    says(refused("bad.toml", verb="run"), *parts)


def test_every_problem_of_a_recipe_is_named_at_once(recipe: Path, folder: Path) -> None:
    wrong = {
        "temperature = 2.0": "temp = 2.0",
        "epochs = 1": "epochs = 0",
        "keep = 0.5": "keep = 0.6",
        "dataset =": "datset =",
    }
    text = recipe.read_text(encoding="utf-8")
    for good, bad in wrong.items():
        assert good in text
        text = text.replace(good, bad)
    (folder / "bad.toml").write_text(text, encoding="utf-8")

    message = refused("bad.toml", verb="run")

    says(
        message,
        "has no knob 'temp'; it has temperature",
        "training.epochs is 0",
        "0.6 is not one of",
    )
    says(message, "datset", "question.dataset is missing")
    assert message.count("bad.toml") >= 5


def test_stages_that_cannot_stand_beside_the_terms_are_named(recipe: Path, folder: Path) -> None:
    stages = (
        '[pipeline.schedule]\nname = "annealing_kd"\n[pipeline.target]\n'
        'name = "swap"\n[pipeline.mixup]\nname = "embedding"\n'
    )
    (folder / "bad.toml").write_text(recipe.read_text(encoding="utf-8") + stages, encoding="utf-8")

    message = refused("bad.toml", verb="run")

    says(
        message,
        "the schedule 'annealing_kd' cannot stand beside these terms "
        "and this mixup (it needs hard, logit, squares)",
    )
    says(message, "the target 'swap' cannot stand beside these terms and this mixup; leave it out")


def test_a_folder_that_exists_is_not_replaced_unasked(recipe: Path, folder: Path) -> None:
    (folder / "student").mkdir()
    (folder / "student" / "mine.txt").write_text("keep me", encoding="utf-8")

    says(refused(recipe, "--out", "student", verb="run"), "student exists already", "--force")


def test_a_folder_below_a_file_is_refused(recipe: Path, blocked: Path) -> None:
    says(
        refused(recipe, "--out", blocked / "a" / "student", verb="run"),
        f"--out {blocked / 'a' / 'student'}",
        f"{blocked} is not a folder",
        "give a folder that you may write",
    )


def test_a_recipe_whose_data_are_gone_leaves_no_draft(
    recipe: Path, reviews: Path, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "moved.toml"
    elsewhere.write_text(
        recipe.read_text(encoding="utf-8").replace(str(reviews), "gone.csv"), encoding="utf-8"
    )

    says(refused(elsewhere, "--out", "student", verb="run"), "no file or folder gone.csv")
