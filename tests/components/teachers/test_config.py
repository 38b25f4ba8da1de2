"""A teacher's config.json: names of outputs, kinds that cannot be used, folders that hold none."""

import json
import shutil
from pathlib import Path

import pytest

from autodistill.components.teachers import find
from autodistill.errors import TeacherError


@pytest.fixture
def folder(teacher: Path, tmp_path: Path) -> Path:
    """A copy of the tiny teacher that a test may break."""
    return Path(shutil.copytree(teacher, tmp_path / "mine"))


def _config(folder: Path, **changed: object) -> None:
    place = folder / "config.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | changed))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"id2label": {"pos": 1, "neg": 0}},
            r'the wrong way round.*Write "id2label": \{"0": "neg", "1": "pos"\}',
        ),
        ({"id2label": {"pos": "neg", "a": "b"}}, r"its keys are the numbers of the outputs"),
        ({"id2label": ["neg", "pos"]}, r'id2label is \["neg", "pos"\]; write an object'),
        ({"id2label": {}}, r"id2label is \{\}; write an object"),
        ({"id2label": {"0": "neg", "2": "pos"}}, r"names the outputs 0, 2, but 1 is missing"),
        ({"id2label": {"1": "neg", "2": "pos"}}, r"names the outputs 1, 2, but 0 is missing"),
        ({"id2label": None, "num_labels": "two"}, r"num_labels is 'two'"),
        ({"problem_type": "regression"}, r"predicts numbers, not classes"),
        ({"is_encoder_decoder": True}, r"an encoder with a decoder"),
        ({"model_type": "no-such"}, r"model type 'no-such'.* Transformers [\d.]+ does not know"),
        (
            {"model_type": "mine", "auto_map": {"AutoConfig": "modeling_mine.MyConfig"}},
            r"needs code of its own \(modeling_mine\.MyConfig\), which is never run here",
        ),
        ({"hidden_size": "wide"}, r"cannot be loaded from"),
    ],
)
def test_a_config_that_cannot_be_used_is_told_with_the_value(
    folder: Path, changed: dict[str, object], message: str
) -> None:
    _config(folder, **changed)

    with pytest.raises(TeacherError, match=message):
        find(str(folder))


def test_a_config_that_is_no_object_is_told(folder: Path) -> None:
    (folder / "config.json").write_text("[1, 2]")

    with pytest.raises(TeacherError, match=r"config\.json cannot be read: it holds a list"):
        find(str(folder))


def test_a_folder_of_checkpoints_names_them(folder: Path) -> None:
    runs = folder.parent / "runs"
    shutil.copytree(folder, runs / "checkpoint-500")

    with pytest.raises(TeacherError, match=r"these folders in it have: checkpoint-500\. Give one"):
        find(str(runs))


def test_an_adapter_without_its_network_is_told(folder: Path) -> None:
    (folder / "config.json").rename(folder / "adapter_config.json")

    with pytest.raises(TeacherError, match=r"holds an adapter .* merge_and_unload"):
        find(str(folder))


def test_a_file_in_place_of_a_folder_is_told(folder: Path) -> None:
    with pytest.raises(TeacherError, match=r"model\.safetensors is a file\. Give the folder"):
        find(str(folder / "model.safetensors"))
