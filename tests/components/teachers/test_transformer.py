"""Teachers from a folder or the hub: what is found, and what is said when it is not usable."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from autodistill.components.teachers import Found, find
from autodistill.errors import TeacherError

SIZES = {
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "intermediate_size": 8,
    "vocab_size": 300,
}


def _classifier(config: BertConfig) -> BertForSequenceClassification:
    torch.manual_seed(0)
    return BertForSequenceClassification(config)


@pytest.fixture
def folder(teacher: Path, tmp_path: Path) -> Path:
    """A copy of the tiny teacher that a test may break."""
    return Path(shutil.copytree(teacher, tmp_path / "mine"))


def test_a_folder_is_found_with_its_labels_in_order(teacher: Path) -> None:
    found = find(str(teacher))

    assert (found.folder, found.label_names, found.tuned, found.labels_file) == (
        teacher,
        ("neg", "pos"),
        True,
        None,
    )


def test_labels_are_in_the_order_of_the_outputs_also_beyond_ten(folder: Path) -> None:
    _classifier(BertConfig(**SIZES, num_labels=12)).save_pretrained(folder)
    _edit(
        folder,
        lambda config: config.update(id2label={str(i): f"c{i}" for i in (11, 10, *range(10))}),
    )

    assert find(str(folder)).label_names == tuple(f"c{i}" for i in range(12))


def test_a_classifier_saved_without_names_has_numbered_outputs(folder: Path) -> None:
    _classifier(BertConfig(**SIZES)).save_pretrained(folder)
    assert "id2label" not in json.loads((folder / "config.json").read_text())

    assert find(str(folder)).label_names == ("LABEL_0", "LABEL_1")


def test_the_key_is_the_content_not_the_place(teacher: Path, folder: Path) -> None:
    assert find(str(folder)).key == find(str(teacher)).key

    raw = bytearray((folder / "model.safetensors").read_bytes())
    raw[-1] ^= 1
    (folder / "model.safetensors").write_bytes(raw)
    assert find(str(folder)).key != find(str(teacher)).key


def _edit(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    config = json.loads((folder / "config.json").read_text())
    change(config)
    (folder / "config.json").write_text(json.dumps(config))


def _no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def _torn_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"architectures": [')


def _other_kind(folder: Path) -> None:
    _edit(folder, lambda config: config.update(architectures=["BertLMHeadModel"], is_decoder=True))


def _no_kind(folder: Path) -> None:
    _edit(folder, lambda config: config.pop("architectures"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            _no_config,
            r"the teacher folder {folder} has no config\.json\. "
            r"Give a folder that save_pretrained wrote\.",
        ),
        (_torn_config, r"{folder}/config\.json cannot be read: Expecting value"),
        (
            _other_kind,
            r"the teacher '{folder}' is BertLMHeadModel, "
            r"not a fine-tuned classifier of texts\..*--teacher embedded",
        ),
        (_no_kind, r"the teacher '{folder}' is of an unnamed kind, not a fine-tuned classifier"),
        (_no_weights, r"the teacher folder {folder} holds no weights \(model\.safetensors\)"),
        (_no_tokenizer, r"the teacher folder {folder} holds no tokenizer \(tokenizer\.json\)"),
    ],
)
def test_a_folder_that_cannot_teach_says_why(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(folder)

    with pytest.raises(TeacherError, match=message.format(folder=folder)):
        find(str(folder))


@pytest.mark.parametrize("name", ["nobody/no-such-model-of-ours", "no-such-model-of-ours"])
def test_an_unknown_hub_name_offline_is_answered_within_seconds(name: str) -> None:
    begin = time.monotonic()

    with pytest.raises(
        TeacherError,
        match=rf"teacher '{name}': no such folder, "
        rf"and the hub cannot be reached and nothing is cached\.",
    ):
        find(name)

    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("name", ["./no/such/folder", "a//b", "name with blanks"])
def test_what_is_neither_folder_nor_hub_name_says_so(name: str) -> None:
    with pytest.raises(
        TeacherError, match=r"unknown teacher '.*': no such folder, and not a hub name"
    ):
        find(name)


def test_a_snapshot_that_is_cached_is_used(teacher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **_: str(teacher))

    found: Found = find("somebody/model")

    assert (found.name, found.folder) == ("somebody/model", teacher)
