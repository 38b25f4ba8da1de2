"""`autodistill export`: what a person sees, what is written, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autodistill.datasets import load
from autodistill.deploy.opened import open_student
from autodistill.deploy.real_rows import Wanted, find_rows
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe
from autodistill.training.onnx_graph import OPSET
from autodistill.training.onnx_network import OnnxNetwork
from tests.commands import Ran, files_in, run_cli, says
from tests.fakes import image_folder, sentences, write_csv
from tests.written import write_student


@pytest.fixture(scope="module")
def exported(
    tmp_path_factory: pytest.TempPathFactory, teacher: Path, reviews: Path
) -> tuple[Path, Ran]:
    """The tiny teacher whole, as a student of the reviews, exported in both forms."""
    place = tmp_path_factory.mktemp("export")
    folder = write_student("cut", place / "student", teacher, reviews, keep=1.0)
    return folder, run_cli("export", folder, "--onnx", "--int8")


def about(folder: Path) -> dict[str, Any]:
    """The content of onnx.json."""
    found: dict[str, Any] = json.loads((folder / "onnx.json").read_text())
    return found


@pytest.mark.slow
def test_both_files_are_written_with_what_they_take_and_how_they_compare(
    exported: tuple[Path, Ran],
) -> None:
    folder, ran = exported

    assert ran.code == 0, ran.err
    says(ran.out, "model.onnx: ", "model-int8.onnx: ", f"opset {OPSET}", "logits (batch, 2)")
    says(ran.out, "input_ids (batch, tokens)", "token_type_ids (batch, tokens)", "accuracy ")
    told = about(folder)
    assert told["opset"] == OPSET
    assert [x["name"] for x in told["inputs"]] == ["input_ids", "attention_mask", "token_type_ids"]
    assert told["labels"] == ["neg", "pos"]
    assert (told["max_length"], told["pad_id"]) == (48, 0)
    whole, small = (told["files"][name] for name in ("model.onnx", "model-int8.onnx"))
    assert whole["largest_logit_difference"] < 1e-4 < small["largest_logit_difference"]
    assert (whole["agreement"], whole["score_before"]) == (1.0, whole["score_after"])
    assert small["bytes"] == (folder / "model-int8.onnx").stat().st_size < whole["bytes"]
    assert set(told["versions"]) > {"torch", "onnxruntime"}


def test_the_held_out_test_is_not_read_for_a_student_without_a_score_on_it(
    exported: tuple[Path, Ran], reviews: Path
) -> None:
    folder, ran = exported

    rows = len(load(str(reviews)).selection)
    assert f"{rows} validation rows of {reviews}, labelled" in ran.err
    assert "the held-out test rows are not read" in ran.err
    assert about(folder)["compared_on"]["rows"] == rows


def test_a_student_that_was_scored_on_the_held_out_test_is_compared_on_it(
    tmp_path: Path, teacher: Path, reviews: Path
) -> None:
    folder = write_student("bag", tmp_path / "student", teacher, reviews)
    (folder / "metrics.json").write_text('{"student_test": 0.5}')

    ran = run_cli("export", folder, "--onnx")

    assert f"held-out test rows of {reviews}, labelled" in ran.err
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    ("splits", "changed"), [("own", False), ("own.0123456789abcdef", False), ("other", True)]
)
def test_data_that_changed_since_the_training_are_noted(
    splits: str, changed: bool, tmp_path: Path, teacher: Path, reviews: Path
) -> None:
    folder = write_student("bag", tmp_path / "student", teacher, reviews)
    own = load(str(reviews), rows=100).fingerprint
    recipe = Recipe.load(folder / "recipe.toml")
    study = replace(recipe.study, rows=100, fingerprint=f"{splits.replace('own', own)}-0-0")
    replace(recipe, study=study).save(folder / "recipe.toml")

    found = find_rows(open_student(folder), Wanted(), Screen())

    assert any("has changed since" in note for note in found.notes) == changed
    assert found.are_real


def test_files_of_one_s_own_give_the_rows_and_the_score(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)
    rows = write_csv(tmp_path / "mine.csv", sentences(30, seed=8))
    words = tmp_path / "words.csv"
    pd.DataFrame({"text": ["good film", "bad story"] * 10}).to_csv(words, index=False)

    labelled, plain = (run_cli("export", folder, "--onnx", "--rows", p) for p in (rows, words))

    says(labelled.err, f"30 rows of {rows}, labelled")
    assert "accuracy 0." in labelled.out
    says(plain.err, f"20 rows of {words}, not labelled")
    assert plain.code == 0, plain.err
    assert about(folder)["files"]["model.onnx"]["score_before"] is None


@pytest.mark.slow
def test_pairs_of_texts_are_read_with_their_segments(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("cut", tmp_path / "student", teacher)
    pairs = pd.DataFrame({"sentence1": ["good"] * 20, "sentence2": ["a bad film"] * 20})
    pairs.to_csv(tmp_path / "pairs.csv", index=False)

    ran = run_cli("export", folder, "--onnx", "--rows", tmp_path / "pairs.csv")

    assert ran.code == 0, ran.err
    given = open_student(folder).example(6)
    given["token_type_ids"][0, 3:] = 1
    changed = OnnxNetwork(folder / "model.onnx")(given)
    np.testing.assert_allclose(changed, open_student(folder).logits(given), atol=1e-5)


def test_labels_of_other_classes_give_no_score_and_are_named(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)
    rows = [(text, f"{label}ative") for text, label in sentences(30)]

    ran = run_cli("export", folder, "--onnx", "--rows", write_csv(tmp_path / "r.csv", rows))

    assert ran.code == 0, ran.err
    says(ran.err, "no score", "negative, posative", "the classes are: neg, pos")


def test_without_real_rows_float32_is_compared_on_generated_ones_and_says_so(
    tmp_path: Path, teacher: Path
) -> None:
    folder = write_student("bag", tmp_path / "student", teacher, tmp_path / "gone.csv")

    ran = run_cli("export", folder, "--onnx")

    assert ran.code == 0, ran.err
    says(ran.err, "200 texts of random words", "no real rows are within reach", "--rows FILE")
    assert about(folder)["compared_on"]["real"] is False


@pytest.mark.parametrize("kind", ["bag", "perceptron"])
def test_int8_without_real_rows_is_refused(kind: str, tmp_path: Path, teacher: Path) -> None:
    folder = write_student(kind, tmp_path / "student", teacher)
    before = files_in(folder)

    ran = run_cli("export", folder, "--onnx", "--int8")

    assert ran.code == 2
    says(ran.err, "--int8 needs real rows", "--rows FILE gives some", "Nothing was written")
    assert files_in(folder) == before


def test_images_are_calibrated_on_rows_of_one_s_own(
    tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_student("perceptron", tmp_path / "student", teacher)
    images = image_folder(tmp_path / "pictures", 45)
    for bound, value in (("LEAST_AGREEMENT", 0.0), ("MOST_POINTS", 100.0)):  # it is untrained
        monkeypatch.setattr(f"autodistill.deploy.parity.{bound}", value)

    ran = run_cli("export", folder, "--onnx", "--int8", "--rows", images)

    assert ran.code == 0, ran.err
    says(ran.err, f"45 rows of {images}, labelled")
    small = about(folder)["files"]["model-int8.onnx"]
    assert "calibrated on 45 images" in small["quantisation"]


@pytest.mark.parametrize(
    ("bound", "value", "words"),
    [
        ("MOST_DIFFERENCE", -1.0, "model.onnx does not predict as"),
        ("LEAST_UNLABELLED", 1.1, "model-int8.onnx does not predict as"),
    ],
)
def test_a_file_that_predicts_otherwise_is_refused_and_none_is_left(
    bound: str, value: float, words: str, tmp_path: Path, teacher: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = write_student("bag", tmp_path / "student", teacher)
    texts = tmp_path / "texts.csv"
    pd.DataFrame({"text": ["good film", "bad story"] * 10}).to_csv(texts, index=False)
    monkeypatch.setattr(f"autodistill.deploy.parity.{bound}", value)
    before = files_in(folder)

    ran = run_cli("export", folder, "--onnx", "--int8", "--rows", texts)

    assert ran.code == 2
    says(ran.err, words, f"on 20 rows of {texts}", "Nothing was written")
    assert "Traceback" not in ran.err
    assert files_in(folder) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--onnx, --docker or both."),
        (("--int8",), "--int8 is a smaller"),
        (("--int8", "--docker"), "--int8 is a smaller"),
    ],
)
def test_the_format_has_to_be_named(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = run_cli("export", tmp_path, *words)

    assert ran.code == 2
    says(ran.err, "name the format to write: --onnx", told)


def test_rows_of_the_other_kind_are_refused(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)

    ran = run_cli("export", folder, "--onnx", "--rows", image_folder(tmp_path / "pictures", 30))

    assert ran.code == 2
    says(ran.err, "images", "texts")


def test_an_int8_file_of_before_stays_known(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)
    small = dict.fromkeys(("bytes", "agreement", "score_before", "score_after"), 1)
    small["largest_logit_difference"] = 1
    (folder / "model-int8.onnx").write_bytes(b"of before")
    (folder / "onnx.json").write_text(json.dumps({"files": {"model-int8.onnx": small}}))

    ran = run_cli("export", folder, "--onnx")

    assert ran.code == 0, ran.err
    assert about(folder)["files"]["model-int8.onnx"] == small
