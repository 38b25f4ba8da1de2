"""Inputs that a program may give a student, whichever engine runs it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

import autodistill as ad
from autodistill.deploy.engines import ENGINES, choose
from tests.fakes import sentences

TEXTS = [text for text, _ in sentences(40, seed=8)]


def reference(folder: Path, texts: list[Any]) -> Any:
    """Probabilities by Transformers alone, one text at a time."""
    tok = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.no_grad():
        options = {"return_tensors": "pt", "return_token_type_ids": True}
        coded = [tok(*([t] if isinstance(t, str) else t), **options) for t in texts]
        return torch.cat([network(**c).logits.softmax(-1) for c in coded]).numpy()


def test_probabilities_are_those_of_transformers_in_the_order_given(teacher: Path) -> None:
    student = ad.load(teacher, engine="torch")

    found = student.predict_proba(TEXTS, batch=7)

    np.testing.assert_allclose(found, reference(teacher, TEXTS), atol=1e-6)
    assert student.predict(TEXTS) == [("neg", "pos")[i] for i in found.argmax(1)]


def test_pairs_are_read_as_pairs(teacher: Path) -> None:
    pairs = list(zip(TEXTS[:6], TEXTS[6:12]))

    found = ad.load(teacher).predict_proba(pairs)

    np.testing.assert_allclose(found, reference(teacher, pairs), atol=1e-6)


def test_a_text_of_any_length_is_cut_to_what_the_network_takes(teacher: Path) -> None:
    long, cut = "good " * 20_000, "good " * 62  # the network has 64 positions

    found = ad.load(teacher).predict_proba([long, cut, "x" * 200_000])

    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    "given",
    [iter, tuple, pd.Series, np.array, lambda texts: (text for text in texts)],
    ids=["iterator", "tuple", "series", "array", "generator"],
)
def test_texts_may_come_in_any_collection(given: Callable[[Any], Any], teacher: Path) -> None:
    student = ad.load(teacher)

    assert student.predict(given(TEXTS[:5])) == student.predict(TEXTS[:5])


def test_no_texts_have_no_predictions(teacher: Path) -> None:
    assert ad.load(teacher).predict([]) == []
    assert ad.load(teacher).predict_proba(iter(())).shape == (0, 2)


def test_half_a_character_is_read_as_a_replaced_one(teacher: Path) -> None:
    assert len(ad.load(teacher).predict(["good \ud83d film", "\x00", ""])) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("one text", r"takes a list of texts, not one text; write \['one text'\]"),
        (b"one text", "takes a list of texts, not one text"),
        (7, "not a int"),
        ({"text": "a"}, "not a dict"),
        (pd.DataFrame({"text": ["a"]}), r"not a table; give one column, as in frame\['text'\]"),
        (["a", None], "input 1 is missing"),
        (["a", float("nan")], "input 1 is missing"),
        (pd.Series(["a", None], dtype="string"), "input 1 is missing"),
        (["a", 7], "input 1 is a int: 7, not a text"),
        ([b"a"], "input 0 is a bytes"),
        (["a", ("a", "b")], "input 1 is 2 texts, the others are one text"),
        ([("a", "b"), "c"], "input 1 is one text, the others are a pair of texts"),
        ([("a", "b", "c")], "input 0 is 3 texts"),
        ([("a", None)], "input 0 is a tuple"),
    ],
)
def test_what_is_no_text_is_one_message(given: Any, says: str, teacher: Path) -> None:
    with pytest.raises(ad.SpecError, match=says):
        ad.load(teacher).predict(given)


def test_a_student_of_pairs_refuses_single_texts(teacher: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(teacher, tmp_path / "student"))
    (folder / "metrics.json").write_text(json.dumps({"pairs": True}))

    with pytest.raises(ad.SpecError, match="input 0 is one text, this student reads a pair"):
        ad.load(folder).predict(["a"])
    assert len(ad.load(folder).predict([("a", "b")])) == 1


def broken(folder: Path, change: str) -> Path:
    """The folder with one thing wrong."""
    match change:
        case "no folder":
            shutil.rmtree(folder)
        case "no config":
            (folder / "config.json").unlink()
        case "half a config":
            (folder / "config.json").write_text('{"model_type": ')
        case "no classes":
            config = json.loads((folder / "config.json").read_text())
            config["architectures"] = ["BertModel"]
            (folder / "config.json").write_text(json.dumps(config))
        case "no weights":
            (folder / "model.safetensors").unlink()
        case "cut weights":
            weights = (folder / "model.safetensors").read_bytes()
            (folder / "model.safetensors").write_bytes(weights[:1000])
        case "no tokenizer":
            (folder / "tokenizer.json").unlink()
    return folder


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("no folder", "no folder of a student: it does not exist"),
        ("no config", r"no folder of a student: it has no config\.json"),
        ("half a config", r"config\.json cannot be read"),
        ("no classes", "its network is BertModel, which gives no classes"),
        ("no weights", r"has no model\.safetensors"),
        ("cut weights", "cannot be loaded"),
        ("no tokenizer", "the tokenizer in .* cannot be read"),
    ],
)
def test_a_folder_that_is_no_students_is_one_message(
    change: str, says: str, teacher: Path, tmp_path: Path
) -> None:
    folder = broken(Path(shutil.copytree(teacher, tmp_path / "student")), change)

    with pytest.raises(ad.AutodistillError, match=says):
        ad.load(folder).predict(["a text"])


@pytest.mark.parametrize(
    ("there", "engine", "chosen"),
    [
        (("model.safetensors",), "auto", "torch"),
        (("model.safetensors", "model.onnx", "model-int8.onnx"), "auto", "onnx"),
        (("model.safetensors", "model-int8.onnx"), "auto", "torch"),
        (("model-int8.onnx",), "auto", "onnx-int8"),
        (("model.onnx", "model.safetensors"), "torch", "torch"),
        (("model.onnx", "model-int8.onnx"), "onnx-int8", "onnx-int8"),
    ],
)
def test_the_engine_is_chosen_by_what_is_there(
    there: tuple[str, ...], engine: str, chosen: str, tmp_path: Path
) -> None:
    for name in there:
        (tmp_path / name).touch()

    assert choose(tmp_path, engine) == chosen


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("onnx", r"has no model\.onnx; write it with: autodistill export .* --onnx; what is there"),
        ("onnx-int8", r"has no model-int8\.onnx; write it with: .* --int8; .* --engine torch"),
        ("tensorrt", r"unknown engine 'tensorrt' \(--engine\)"),
    ],
)
def test_an_engine_without_its_file_is_one_message(engine: str, says: str, teacher: Path) -> None:
    assert engine not in ENGINES or choose(teacher, "auto") == "torch"
    with pytest.raises(ad.SpecError, match=says):
        ad.load(teacher, engine=engine).predict(["a"])
