"""A teacher's network is proved to answer before all rows are asked."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.errors import TeacherError
from autodistill.prepare.teacher_network import TeacherNetwork
from autodistill.prepare.tokens import tokenize
from autodistill.runtime.device import CPU, Device
from tests.architectures import SIZES, tiny_classifier
from tests.fakes import sentences, tiny_teacher

HALF = Device(precision="bfloat16")
ROWS = Rows(tuple(t for t, _ in sentences(12)), None, np.zeros(12, dtype=np.int64))
ALL = np.arange(12)


def table_of(folder: Path, length: int = 64) -> TokenTable:
    """The rows as this teacher's tokens."""
    return TokenTable.open(tokenize(folder, ROWS, length, folder.parent / "home"))


def network_in(folder: Path, names: tuple[str, ...], device: Device = CPU) -> TeacherNetwork:
    """The teacher in this folder with its outputs in their own order."""
    return TeacherNetwork(Backbone.of(folder, names, tuple(range(len(names)))), device)


def test_a_network_that_bfloat16_breaks_answers_in_float32(tmp_path: Path) -> None:
    folder = tiny_classifier(tmp_path, "deberta")
    half, whole = (network_in(folder, ("neg", "pos", "so"), d) for d in (HALF, CPU))

    first, second = (network.ask(table_of(folder), ALL)[0] for network in (half, whole))

    assert not half.device.bfloat16
    np.testing.assert_array_equal(first, second)


def test_a_network_that_answers_otherwise_in_bfloat16_answers_in_float32(
    teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, forward = network_in(teacher, ("neg", "pos"), HALF), TeacherNetwork._forward

    def off(self: Any, table: Any, rows: Any, device: Device) -> Any:
        logits, states = forward(self, table, rows, device.exact)
        return logits + 0.5 * device.bfloat16 * (1 + np.abs(logits)), states

    monkeypatch.setattr(TeacherNetwork, "_forward", off)

    network.ask(table_of(teacher), ALL)

    assert not network.device.bfloat16


def test_answers_that_overflow_are_told_before_all_rows_are_asked(tmp_path: Path) -> None:
    folder = tiny_teacher(tmp_path, steps=0)
    weights = load_file(folder / "model.safetensors")
    weights["bert.pooler.dense.bias"].fill_(10)  # whose tanh is 1, 32 times
    weights["classifier.weight"].fill_(3e38)
    save_file(weights, folder / "model.safetensors")

    with pytest.raises(TeacherError, match=r"are not numbers: row \d+ gives .*inf"):
        network_in(folder, ("neg", "pos")).ask(table_of(folder), ALL)


def test_large_states_are_kept_as_the_largest_number_of_float16(tmp_path: Path) -> None:
    folder = tiny_teacher(tmp_path, steps=0)
    weights = load_file(folder / "model.safetensors")
    weights["bert.encoder.layer.1.output.LayerNorm.bias"].fill_(1e6)
    save_file(weights, folder / "model.safetensors")

    _, states = network_in(folder, ("neg", "pos")).ask(table_of(folder), ALL)

    assert states[-1].max() == np.finfo(np.float16).max


def test_rows_that_are_too_long_for_a_network_are_told_and_not_an_index(teacher: Path) -> None:
    long = Rows((" ".join(ROWS.first),), None, ROWS.labels[:1])
    table = TokenTable.open(tokenize(teacher, long, 100, teacher.parent / "home"))

    with pytest.raises(
        TeacherError, match=r"\(BertForSequenceClassification\) breaks at rows of 100 tokens"
    ):
        network_in(teacher, ("neg", "pos")).ask(table, np.array([0]))


@pytest.mark.parametrize(
    ("kind", "own", "message"),
    [
        ("canine", SIZES, r"shows 9 states, where its config tells of 5"),
        (
            "xlnet",
            {"d_model": 32, "n_layer": 2, "n_head": 2, "d_inner": 64},
            r"answers a text otherwise when it is filled up at its end",
        ),
    ],
)
def test_a_network_that_cannot_teach_says_why_and_names_soft_labels(
    kind: str, own: dict[str, Any], message: str, tmp_path: Path
) -> None:
    folder = tiny_classifier(tmp_path, kind, own)

    with pytest.raises(TeacherError, match=rf"{message}.*a file of soft labels"):
        network_in(folder, ("neg", "pos", "so")).ask(table_of(folder), ALL)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_sigmoid_of_one_output_is_the_probability_of_one_label(
    order: tuple[int, int], tmp_path: Path
) -> None:
    folder = tiny_teacher(tmp_path, labels=("pos",), steps=0)
    config = json.loads((folder / "config.json").read_text())
    assert len(config["id2label"]) == 1
    network = TeacherNetwork(Backbone.of(folder, ("a", "b"), order), CPU)

    logits = torch.from_numpy(network.ask(table_of(folder), ALL)[0])

    own = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    given = AutoTokenizer.from_pretrained(folder)(
        list(ROWS.first), padding=True, return_tensors="pt"
    )
    with torch.inference_mode():
        likely = own(**given).logits[:, 0].sigmoid()
    torch.testing.assert_close(logits.softmax(1)[:, order.index(1)], likely, rtol=0, atol=1e-5)
