"""The folder to deploy loads in another process, or it is refused.

There it predicts the same bits.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer, BertweetTokenizer

from autodistill.components.students import Backbone
from autodistill.components.students.cut import Cut
from autodistill.datasets import Rows
from autodistill.deploy.folder import check_reload, write_folder, write_metrics
from autodistill.deploy.reload import predict_rows
from autodistill.deploy.student import Student
from autodistill.errors import StorageError
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.runtime.files import put_in_place
from tests.architectures import tiny_classifier
from tests.fakes import sentences

TEXTS = tuple(text for text, _ in sentences(8, seed=4))


@dataclass(frozen=True)
class Written:
    """A student, its folder, and what it says to some rows."""

    folder: Path
    tokens: Path
    logits: NDArray[np.float32]


@pytest.fixture(scope="module")
def written(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """One layer of the tiny teacher, trimmed."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("student")
    rows = Rows(TEXTS, None, np.zeros(8, dtype=np.int64))
    words = vocabularies(teacher, rows, 64, home)["trimmed"]
    network: Any = Cut(keep=0.5).build(Backbone(teacher, ("neg", "pos"), (0, 1), 2, 32), words)
    write_folder(folder, network, words.folder, 48)
    tokens = tokenize(words.folder, rows, 64, home)
    return Written(folder, tokens, predict_rows(network, tokens, 8))


@pytest.mark.slow
def test_a_new_process_predicts_the_same_bits(written: Written) -> None:
    assert check_reload(written.folder, written.tokens, written.logits) == 0.0


@pytest.mark.slow
def test_one_flipped_bit_of_a_weight_is_noticed(written: Written, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(written.folder, tmp_path / "broken"))
    raw = bytearray((broken / "model.safetensors").read_bytes())
    length = int.from_bytes(raw[:8], "little")
    begin, _ = json.loads(raw[8 : 8 + length])["classifier.weight"]["data_offsets"]
    raw[8 + length + begin + 3] ^= 0x80  # the sign of one weight
    (broken / "model.safetensors").write_bytes(raw)

    with pytest.raises(
        StorageError,
        match=rf"read back from {broken} gives other predictions \(largest difference 0\.\d+\)",
    ):
        check_reload(broken, written.tokens, written.logits)


def test_a_folder_that_does_not_load_is_told_with_the_reason(
    written: Written, tmp_path: Path
) -> None:
    with pytest.raises(
        StorageError, match=rf"the written folder {tmp_path} does not load again: \S+"
    ):
        check_reload(tmp_path, written.tokens, written.logits)


def test_the_tokenizer_cuts_at_the_study_s_length_and_pads_only_when_asked(
    written: Written,
) -> None:
    tok = AutoTokenizer.from_pretrained(written.folder)

    assert tok.model_max_length == 48
    assert len(tok("good " * 100, truncation=True)["input_ids"]) == 48
    assert len({len(ids) for ids in tok(list(TEXTS))["input_ids"]}) > 1


def test_the_config_names_labels_and_no_place_of_this_machine(
    written: Written, teacher: Path
) -> None:
    text = (written.folder / "config.json").read_text()
    config = json.loads(text)

    assert config["id2label"] == {"0": "neg", "1": "pos"}
    assert config["num_hidden_layers"] == 1
    everything = "".join(p.read_text() for p in written.folder.glob("*.json"))
    assert str(teacher.parent) not in everything
    assert "/tmp" not in everything


def test_predictions_row_by_row_leave_threads_as_they_were(written: Written) -> None:
    threads = torch.get_num_threads()
    network = torch.nn.Module()
    network.config = type("Config", (), {"type_vocab_size": 0})()
    network.forward = lambda input_ids, attention_mask: type(
        "Out", (), {"logits": input_ids[:, :2].float()}
    )

    found = predict_rows(network, written.tokens, 3)

    assert found.shape == (3, 2)
    assert found.dtype == np.float32
    assert torch.get_num_threads() == threads


def test_metrics_are_json(tmp_path: Path) -> None:
    write_metrics(tmp_path, {"student_test": 0.875, "metric": "accuracy"})

    assert json.loads((tmp_path / "metrics.json").read_text()) == {
        "student_test": 0.875,
        "metric": "accuracy",
    }


@pytest.fixture
def drafts(tmp_path: Path) -> tuple[Path, Path]:
    """A finished draft, and the folder of an earlier student in its place."""
    draft, out = tmp_path / ".student-draft", tmp_path / "student"
    for folder, text in ((draft, "new"), (out, "old")):
        folder.mkdir()
        (folder / "config.json").write_text(text)
    return draft, out


def test_a_replaced_folder_is_the_new_one_and_nothing_is_left_beside_it(
    drafts: tuple[Path, Path],
) -> None:
    draft, out = drafts

    put_in_place(draft, out)

    assert (out / "config.json").read_text() == "new"
    assert [p.name for p in out.parent.iterdir()] == ["student"]


def test_a_replacement_that_fails_leaves_the_old_student(
    drafts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, out = drafts
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == draft:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="No space left"):
        put_in_place(draft, out)

    assert (out / "config.json").read_text() == "old"
    assert {p.name for p in out.parent.iterdir()} == {"student", draft.name}


def test_a_link_to_a_folder_is_replaced_and_what_it_points_to_stays(
    drafts: tuple[Path, Path],
) -> None:
    draft, kept = drafts
    link = kept.parent / "link"
    link.symlink_to(kept)

    put_in_place(draft, link)

    assert (link / "config.json").read_text() == "new"
    assert (kept / "config.json").read_text() == "old"


def test_a_tokenizer_that_fills_nothing_up_is_written_with_what_it_was_trained_with(
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for place in (source, target):
        place.mkdir()
    network = AutoModelForSequenceClassification.from_pretrained(tiny_classifier(source, "gpt2"))
    end = AutoTokenizer.from_pretrained(source).eos_token_id
    network.config.pad_token_id = end

    write_folder(target, network, source, 16)

    back = AutoTokenizer.from_pretrained(target)
    assert (back.pad_token_id, back.padding_side, back.model_max_length) == (end, "right", 16)
    one, two = (Student(target).predict_proba([*texts]) for texts in (["a"], ["a", "a b"]))
    np.testing.assert_allclose(one[0], two[0], atol=1e-5)


def test_a_tokenizer_written_in_python_is_written_too(tmp_path: Path, teacher: Path) -> None:
    (tmp_path / "vocab.txt").write_text("the 1\nfilm 1")
    (tmp_path / "bpe.codes").write_text("#version: 0.2\n")
    python = BertweetTokenizer(str(tmp_path / "vocab.txt"), str(tmp_path / "bpe.codes"))
    source, target = tmp_path / "source", tmp_path / "target"
    python.save_pretrained(source)
    (source / "config.json").write_text((teacher / "config.json").read_text())
    target.mkdir()

    write_folder(target, AutoModelForSequenceClassification.from_pretrained(teacher), source, 16)

    expected = AutoTokenizer.from_pretrained(source)("the film")["input_ids"]
    assert AutoTokenizer.from_pretrained(target)("the film")["input_ids"] == expected
