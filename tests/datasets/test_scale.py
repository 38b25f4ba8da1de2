"""Labels that are numbers on a scale: a regression as ordered classes."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import load
from autodistill.datasets._scale import BINS
from autodistill.errors import SpecError
from autodistill.study.rules import is_scale
from tests.commands import run_cli
from tests.fakes import sentences


def write(path: Path, labels: list[str]) -> str:
    """A CSV of as many sentences."""
    lines = [f"sentence number {i} of many,{label}" for i, label in enumerate(labels)]
    path.write_text("text,label\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_numbers_become_equal_steps_in_order_judged_by_correlation(tmp_path: Path) -> None:
    values = [f"{v:.3f}" for v in np.random.default_rng(0).uniform(0, 5, 300)]
    values[:2] = ["0.000", "5.000"]

    task = load(write(tmp_path / "a.csv", values))

    assert task.metric == "pearson"
    assert task.classes == BINS
    assert (task.label_names[0], task.label_names[1], task.label_names[-1]) == (
        "0.0",
        "0.25",
        "5.0",
    )
    assert is_scale(task.label_names)
    assert any("numbers from 0 to 5, cut into 21 equal steps" in note for note in task.notes)
    assert sum(len(rows) for rows in (task.train, task.selection, task.test)) == 300


def test_a_label_goes_to_the_nearest_step_and_beyond_the_range_to_its_end(tmp_path: Path) -> None:
    texts = [f"{v:.2f}" for v in np.linspace(0, 1, 81)]
    (tmp_path / "d").mkdir()
    write(tmp_path / "d" / "train.csv", texts)
    write(tmp_path / "d" / "test.csv", ["-3", "0.26", "0.29", "7.5"] * 6)

    task = load(str(tmp_path / "d"))

    assert task.test.labels[:4].tolist() == [0, 5, 6, 20]


CLASSES = {
    "whole": ["1", "2", "3"] * 20,
    "few": ["0.5", "1.5"] * 30,
    "many whole": [str(i % 25) for i in range(150)],
}


@pytest.mark.parametrize("labels", CLASSES.values(), ids=CLASSES)
def test_few_or_whole_numbers_stay_classes(tmp_path: Path, labels: list[str]) -> None:
    assert load(write(tmp_path / "a.csv", labels)).metric != "pearson"


def test_correlation_is_not_for_classes(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="'pearson' is for labels that are numbers"):
        load(write(tmp_path / "a.csv", ["a", "b"] * 30), metric="pearson")


@pytest.mark.slow
def test_a_search_on_a_scale_from_soft_labels_to_a_recipe(folder: Path) -> None:
    rows = sentences(160, seed=2)
    values = [(0.2 if label == "neg" else 0.8) + 0.001 * i for i, (_, label) in enumerate(rows)]
    write_pairs(folder / "a.csv", [(text, f"{v:.4f}") for (text, _), v in zip(rows, values)])
    names = load(str(folder / "a.csv")).label_names
    centres = np.array([float(n) for n in names])
    soft = [np.exp(-0.5 * ((v - centres) / 0.05) ** 2) for v in values]
    lines = ["text," + ",".join(names)] + [
        f"{text}," + ",".join(f"{p:.6f}" for p in s / s.sum()) for (text, _), s in zip(rows, soft)
    ]
    (folder / "soft.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")

    ran = run_cli(
        "search",
        "--dataset",
        "a.csv",
        "--teacher",
        "soft.csv",
        "--space",
        "small.toml",
        "--trials",
        "4",
        "--workers",
        "1",
    )

    assert ran.code == 0, ran.err
    assert "Pearson correlation" in ran.out
    assert (folder / "recipe.toml").exists()


SPACE = """
[student.scratch]
layers = [1, 1]
width = [64]
heads = [2]
[hard.hl_gauss]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
"""


def write_pairs(path: Path, rows: list[tuple[str, str]]) -> None:
    """A CSV of these."""
    path.write_text(
        "text,label\n" + "".join(f"{text},{label}\n" for text, label in rows), encoding="utf-8"
    )
