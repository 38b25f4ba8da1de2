"""Encoders without a head for classes as teachers: found, and tuned here to the task's labels."""

import json
import shutil
from pathlib import Path

import pytest
import transformers

from autodistill.components.teachers import find
from autodistill.components.teachers._config import read_config_file
from autodistill.errors import TeacherError
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.study.study import Study
from tests.architectures import tiny_classifier

BASES = {
    "albert": "AlbertModel",
    "bert": "BertForPreTraining",
    "deberta-v2": "DebertaV2Model",
    "distilbert": "DistilBertForMaskedLM",
    "electra": "ElectraForPreTraining",
    "modernbert": "ModernBertForMaskedLM",
    "mpnet": "MPNetModel",
    "roberta": "RobertaForTokenClassification",
    "xlm-roberta": "XLMRobertaModel",
}


def encoder(folder: Path, kind: str, saved_as: str) -> Path:
    """A folder with a network of this class, made of a tiny untrained classifier."""
    tiny_classifier(folder, kind)
    getattr(transformers, saved_as).from_pretrained(folder).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("kind", "saved_as"), BASES.items())
def test_an_encoder_without_a_head_is_found_as_one_to_be_tuned(
    tmp_path: Path, kind: str, saved_as: str
) -> None:
    folder = encoder(tmp_path, kind, saved_as)

    found = find(str(folder))

    assert read_config_file(folder)["architectures"] == [saved_as]
    assert (found.folder, found.tuned, found.label_names) == (folder, False, ())
    assert found.longest != 0


def test_a_folder_of_sentence_transformers_is_found_by_its_list_of_parts(tmp_path: Path) -> None:
    inside = encoder(tmp_path / "0_Transformer", "mpnet", "MPNetModel")
    parts = [
        {"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
        {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    (tmp_path / "modules.json").write_text(json.dumps(parts), encoding="utf-8")

    found = find(str(tmp_path))

    assert (found.folder, found.tuned) == (inside, False)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '[{"path": "a"}]'])
def test_a_damaged_list_of_parts_is_one_message(tmp_path: Path, content: str) -> None:
    (tmp_path / "modules.json").write_text(content, encoding="utf-8")

    with pytest.raises(TeacherError, match=r"modules\.json names no part of the type Transformer"):
        find(str(tmp_path))


def test_an_encoder_that_lacks_a_layer_is_refused(tmp_path: Path) -> None:
    folder = encoder(tmp_path, "bert", "BertModel")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 6}))

    with pytest.raises(TeacherError, match=r"lacks 32 of .* weights"):
        find(str(folder))


def test_networks_that_read_in_one_direction_are_refused_as_before(tmp_path: Path) -> None:
    folder = encoder(tmp_path, "gpt2", "GPT2LMHeadModel")

    with pytest.raises(TeacherError, match=r"GPT2LMHeadModel, not a fine-tuned .* tuned here"):
        find(str(folder))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_an_encoder_is_tuned_once_and_answers_in_the_tasks_labels(
    reviews: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    folder = encoder(tmp_path / "base", kind, BASES[kind].replace("ForPreTraining", "Model"))
    shutil.copytree(folder, tmp_path / "copy")

    opened = open_workspace(Study(str(reviews), str(folder), rows=64), Stopwatch(), None)
    workspace = prepare(opened, Stopwatch())

    again = open_workspace(Study(str(reviews), str(tmp_path / "copy"), rows=64), Stopwatch(), None)
    assert workspace.teacher.label_names == workspace.task.label_names
    assert workspace.signals().logits.shape == (len(workspace.task.known), 2)
    assert again.tuned is not None
    assert again.tuned.key == workspace.teacher.key
