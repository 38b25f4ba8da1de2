"""A student from a folder of one's own."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students.checkpoint import Checkpoint
from autodistill.datasets import Rows
from autodistill.errors import SpecError
from autodistill.prepare.tokens import vocabularies
from autodistill.registry.ranges import OneOf
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from tests.components.students.conftest import TEXTS
from tests.students import tiny_student


def test_its_weights_are_those_of_the_folder_with_a_new_head(
    backbone: Backbone,
    words: dict[str, Vocabulary],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = AutoConfig.from_pretrained(backbone.folder)
    config.num_hidden_layers, config.num_labels = 1, 5
    own = AutoModelForSequenceClassification.from_config(config)
    own.save_pretrained(tmp_path)
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(tmp_path))

    student = Checkpoint().build(backbone, words["full"])

    assert student.config.num_labels == 2  # type: ignore[union-attr]
    layers = (
        dict(net.named_parameters())["bert.encoder.layer.0.attention.self.query.weight"]
        for net in (student, own)
    )
    assert torch.equal(*layers)


def test_several_are_told_apart_by_their_number(
    backbone: Backbone,
    words: dict[str, Vocabulary],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = AutoConfig.from_pretrained(backbone.folder)
    for layers in (1, 2):
        config.num_hidden_layers = layers
        AutoModelForSequenceClassification.from_config(config).save_pretrained(
            tmp_path / str(layers)
        )
    monkeypatch.setenv("AUTODISTILL_STUDENT", os.pathsep.join(str(tmp_path / n) for n in "12"))

    made = [Checkpoint(network=n).build(backbone, words["full"]) for n in (1, 2)]

    assert [m.config.num_hidden_layers for m in made] == [1, 2]  # type: ignore[union-attr]
    with pytest.raises(
        SpecError, match="AUTODISTILL_STUDENT names 2 networks, but the study uses number 3"
    ):
        Checkpoint(network=3).build(backbone, words["full"])
    fitted = spaces.space("everything").fit(
        Conditions(networks=2, named=frozenset({"AUTODISTILL_STUDENT"}))
    )
    assert fitted.slots["student"]["checkpoint"]["network"] == OneOf(1, 2)


def test_a_network_is_built_by_its_name_and_reads_with_a_vocabulary_of_its_own(
    backbone: Backbone, tmp_path: Path
) -> None:
    folder = tiny_student(tmp_path / "other", "albert")
    rows = Rows(TEXTS, None, np.zeros(len(TEXTS), dtype=np.int64))
    own = vocabularies(folder, rows, 64, tmp_path / "home")["trimmed"]

    network = Checkpoint(network=str(folder)).build(backbone, own)

    assert network.config.num_labels == 2  # type: ignore[union-attr]
    kept = network.get_input_embeddings().weight  # type: ignore[operator]
    whole = AutoModel.from_pretrained(folder).get_input_embeddings().weight
    assert own.keep is not None
    assert torch.equal(kept, whole[np.load(own.keep)])


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "names 0 networks, but the study uses number 1"),
        ("nowhere", "=nowhere: no network in a folder of this name"),
    ],
)
def test_no_network_there_is_told(
    backbone: Backbone,
    words: dict[str, Vocabulary],
    place: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTODISTILL_STUDENT", place)

    with pytest.raises(SpecError, match=f"AUTODISTILL_STUDENT.*{said}"):
        Checkpoint().build(backbone, words["full"])


def test_other_tokens_than_the_teachers_are_refused(
    backbone: Backbone,
    words: dict[str, Vocabulary],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = AutoConfig.from_pretrained(backbone.folder)
    config.vocab_size = 7
    config.save_pretrained(tmp_path)
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(tmp_path))

    with pytest.raises(SpecError, match="it has 7 tokens, the teacher"):
        Checkpoint().build(backbone, words["full"])
