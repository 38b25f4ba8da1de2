"""A classifier over its mapped file: what Transformers would load, or nothing."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import load_classifier
from autodistill.components.students._mapped import mapped_classifier


def copy(teacher: Path, target: Path) -> Path:
    """The teacher's folder, to be changed."""
    for file in teacher.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_it_is_what_transformers_loads_and_no_random_number_is_drawn(teacher: Path) -> None:
    expected = AutoModelForSequenceClassification.from_pretrained(teacher)
    torch.manual_seed(0)
    before = torch.get_rng_state()

    found = mapped_classifier(teacher, 2)

    assert torch.equal(torch.get_rng_state(), before)
    assert found.config.to_dict() == expected.config.to_dict()
    assert not found.training
    theirs = dict([*expected.named_parameters(), *expected.named_buffers()])
    ours = dict([*found.named_parameters(), *found.named_buffers()])
    assert ours.keys() == theirs.keys()
    assert all(
        torch.equal(ours[n], theirs[n]) and ours[n].requires_grad == theirs[n].requires_grad
        for n in ours
    )


def test_half_precision_on_disk_becomes_float32(teacher: Path, tmp_path: Path) -> None:
    AutoModelForSequenceClassification.from_pretrained(teacher).half().save_pretrained(tmp_path)

    found = mapped_classifier(tmp_path, 2)

    assert {p.dtype for p in found.parameters()} == {torch.float32}
    half = load_file(tmp_path / "model.safetensors")["classifier.weight"]
    assert torch.equal(found.classifier.weight, half.float())


def test_what_has_to_be_made_or_renamed_is_left_to_transformers(
    teacher: Path, tmp_path: Path
) -> None:
    folder = copy(teacher, tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["bert.embeddings.LayerNorm.gamma"] = weights.pop("bert.embeddings.LayerNorm.weight") * 2
    save_file(weights, folder / "model.safetensors", {"format": "pt"})

    assert mapped_classifier(folder, 2) is None
    network: Any = load_classifier(folder, 2)
    assert torch.equal(
        network.bert.embeddings.LayerNorm.weight, weights["bert.embeddings.LayerNorm.gamma"]
    )
    assert mapped_classifier(teacher, 3) is None
    assert load_classifier(teacher, 3).classifier.weight.shape[0] == 3


def test_a_loaded_classifier_can_be_changed_without_changing_its_file(
    teacher: Path, tmp_path: Path
) -> None:
    folder = copy(teacher, tmp_path)
    before = (folder / "model.safetensors").read_bytes()

    with torch.no_grad():
        for value in load_classifier(folder, 2).parameters():
            value.zero_()

    assert (folder / "model.safetensors").read_bytes() == before
