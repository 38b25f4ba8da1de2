"""A student that is run by onnxruntime, where its file of ONNX is there."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax
from transformers import AutoTokenizer

import autodistill as ad
from tests.deploy.onnx_file import table_network
from tests.fakes import sentences

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
TEXTS = [text for text, _ in sentences(20, seed=8)]


@pytest.fixture
def student(teacher: Path, tmp_path: Path) -> Path:
    """A folder that anything can be put into."""
    return Path(shutil.copytree(teacher, tmp_path / "student"))


@pytest.mark.parametrize("types", [True, False])
def test_a_file_of_onnx_is_run_where_it_is_there(types: bool, student: Path) -> None:
    table = onnx.numpy_helper.to_array(
        next(x for x in onnx.load(table_network(student, types=types)).graph.initializer)
    )
    tok = AutoTokenizer.from_pretrained(student)
    expected = np.stack([table[tok(text)["input_ids"]].sum(0) for text in TEXTS])

    loaded = ad.load(student)

    np.testing.assert_allclose(loaded.predict_proba(TEXTS), softmax(expected, 1), atol=1e-5)
    assert loaded.network.name.startswith("onnxruntime")
    assert ad.load(student, engine="torch").network.name.startswith("torch")


def test_a_file_of_onnx_that_cannot_be_read_is_one_message(student: Path) -> None:
    (student / "model.onnx").write_bytes(b"no network")

    with pytest.raises(ad.StorageError, match=r"model\.onnx cannot be loaded .*--engine torch"):
        ad.load(student).predict(TEXTS)


def test_a_machine_without_onnxruntime_is_told_what_to_install(
    student: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table_network(student)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(ad.SpecError, match=r"pip install onnxruntime.*--engine torch"):
        ad.load(student).predict(TEXTS)
