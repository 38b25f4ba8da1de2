"""A student from a folder of one's own."""

from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification

from autodistill.errors import SpecError
from autodistill.students import Backbone, Vocabulary
from autodistill.students.checkpoint import Checkpoint


def test_its_weights_are_those_of_the_folder_with_a_new_head(
    backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = AutoConfig.from_pretrained(backbone.folder)
    config.num_hidden_layers, config.num_labels = 1, 5
    own = AutoModelForSequenceClassification.from_config(config)
    own.save_pretrained(tmp_path)
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(tmp_path))

    student = Checkpoint().build(backbone, words["full"])

    assert student.config.num_labels == 2  # type: ignore[union-attr]
    layers = (dict(net.named_parameters())["bert.encoder.layer.0.attention.self.query.weight"] for net in (student, own))
    assert torch.equal(*layers)


@pytest.mark.parametrize("place", ["", "nowhere"])
def test_no_network_there_is_told(backbone: Backbone, words: dict[str, Vocabulary], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODISTILL_STUDENT", place)

    with pytest.raises(SpecError, match=f"AUTODISTILL_STUDENT={place}: there is no network in this folder"):
        Checkpoint().build(backbone, words["full"])


def test_other_tokens_than_the_teachers_are_refused(
    backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = AutoConfig.from_pretrained(backbone.folder)
    config.vocab_size = 7
    config.save_pretrained(tmp_path)
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(tmp_path))

    with pytest.raises(SpecError, match="it has 7 tokens, the teacher"):
        Checkpoint().build(backbone, words["full"])
