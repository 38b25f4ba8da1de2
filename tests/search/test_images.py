"""The main job on images: a teacher that is trained here, search, run, score, choosing students."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autodistill.components.teachers import residual
from autodistill.storage import Store
from autodistill.study.results import StudyResult
from autodistill.training import tuning as tune
from tests.commands import refused, run_cli, says
from tests.fakes import image_folder

SPACE = """
[student.residual]
width = [4, 8]
first = [1]
second = [1]
third = [1]
[student.vit]
layers = [1, 1]
width = [32]
patch = [4]
[student.perceptron]
width = [16, 32]
[hard.ce]
[logit.kl]
[feature.none]
[feature.mse]
on = ["pooled"]
[mapping.last]
[augmentation.none]
[augmentation.crop]
views = [1]
[mixup.none]
[mixup.embedding]
[optimizer.adamw]
lr = [2e-3, 5e-3]
batch = [16]
"""


@pytest.fixture
def small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with images, a space of small students, and a teacher that takes a second."""
    monkeypatch.setattr(residual, "WIDTHS", (8, 16, 32))
    monkeypatch.setattr(tune, "FEW_IMAGE_VISITS", 1200)
    monkeypatch.setenv("AUTODISTILL_HOME", str(folder.parent / "home"))
    image_folder(folder / "pictures")
    (folder / "small.toml").write_text(SPACE)
    return folder


@pytest.mark.slow
def test_a_search_on_images_ends_with_a_folder_that_transformers_opens(small: Path) -> None:
    ran = run_cli(
        "search",
        "--dataset",
        "pictures",
        "--space",
        "./small.toml",
        "--trials",
        "6",
        "--study",
        "s",
    )

    assert ran.code == 0, ran.err
    says(ran.err, "teacher   residual: training on 96 rows, once for this dataset", "6 of 6")
    says(ran.out, "Recommended", " ms per image")
    done = run_cli("run", "recipe.toml", "--out", "student")
    assert done.code == 0, done.err
    says(
        done.out,
        "ms for an image of 8 by 8 pixels",
        "weights, config, image processor",
        "bit for bit",
        "pipeline('image-classification'",
    )
    metrics = json.loads((small / "student" / "metrics.json").read_text())
    assert metrics["image"] == [8, 8]
    code = (
        "import sys, pathlib, numpy as np; from transformers import pipeline\n"
        "p = pipeline('image-classification', 'student', trust_remote_code=True)\n"
        "print(p('pictures/left/0.png')[0]['label'])\n"
    )
    opened = subprocess.run(
        [sys.executable, "-c", code], cwd=small, capture_output=True, text=True, check=False
    )
    assert opened.stdout.strip() in ("left", "middle", "right"), opened.stderr


@pytest.mark.slow
def test_students_of_images_are_scored_and_chosen_by_short_trainings(small: Path) -> None:
    scored = run_cli(
        "score", "--dataset", "pictures", "--space", "./small.toml", "--students", "5", "--top", "3"
    )
    assert scored.code == 0, scored.err
    says(scored.out, "params", "snip")

    ran = run_cli(
        *(
            "search",
            "--dataset",
            "pictures",
            "--space",
            "./small.toml",
            "--students",
            "each",
            "--trials",
            "10",
            "--study",
            "s",
            "--workers",
            "1",
        )
    )

    assert ran.code == 0, ran.err
    assert "fresh seed" not in ran.err  # no leaders are repeated here
    record: StudyResult = Store("autodistill.db").record("s")
    assert {o.pipeline.student.name for o in record.outcomes} <= {"residual", "vit", "perceptron"}
    assert all(np.isfinite(o.score or 0.0) for o in record.outcomes)
    assert [o.status for o in record.outcomes].count("complete") >= 8


def test_a_space_of_texts_is_refused_for_images_with_the_reason(small: Path) -> None:
    text = refused("--dataset", "pictures", "--space", "teachers", "--trials", "1")

    says(
        text,
        "space 'teachers' has no student left for this task",
        "student.cut: it is for texts, the task is of images",
    )
