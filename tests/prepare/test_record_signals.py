"""A teacher's signals are recorded once, and are what the teacher shows."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.errors import TeacherError
from autodistill.prepare.record_signals import Recorded, record
from autodistill.prepare.tokens import tokenize
from autodistill.runtime.checksums import FILE
from autodistill.runtime.device import CPU
from autodistill.training.signals import Signals
from tests.fakes import sentences

TEXTS = tuple(text for text, _ in sentences(6, seed=2))
IN_A_PROCESS = """
import sys
from pathlib import Path
import transformers.models.bert.modeling_bert
from autodistill.components.students import Backbone
from autodistill.prepare.record_signals import record
from autodistill.runtime.device import CPU

teacher, tokens, home = map(Path, sys.argv[1:])
print("ready", flush=True)
sys.stdin.readline()
found = record(Backbone(teacher, ("neg", "pos"), (0, 1), 2, 32), "key", tokens, home, \
device=CPU, tick=lambda *_: None)
print(found.computed, found.reused, found.checked)
"""


@pytest.fixture
def backbone(teacher: Path) -> Backbone:
    """The tiny teacher: two layers of width 32."""
    return Backbone(teacher, ("neg", "pos"), (0, 1), 2, 32)


@pytest.fixture
def tokens(teacher: Path, tmp_path: Path) -> Path:
    """Six rows: fewer than are checked, so that every one is."""
    return tokenize(teacher, Rows(TEXTS, None, np.zeros(6, dtype=np.int64)), 64, tmp_path)


def recorded(backbone: Backbone, tokens: Path, home: Path, key: str = "key") -> Recorded:
    """In float32, silently."""
    return record(backbone, key, tokens, home, device=CPU, tick=lambda *_: None)


def test_the_second_time_nothing_is_computed_and_a_few_rows_are_checked(
    backbone: Backbone, tokens: Path, tmp_path: Path
) -> None:
    first, second = recorded(backbone, tokens, tmp_path), recorded(backbone, tokens, tmp_path)

    assert (first.computed, first.reused, first.checked) == (6, 0, 0)
    assert (second.computed, second.reused, second.checked) == (0, 6, 6)
    assert first.folder == second.folder


def test_what_is_recorded_is_what_a_forward_pass_shows(
    backbone: Backbone, tokens: Path, tmp_path: Path
) -> None:
    kept = Signals.open(recorded(backbone, tokens, tmp_path).folder)

    network = AutoModelForSequenceClassification.from_pretrained(backbone.folder).eval()
    assert list(kept.pooled) == [0, 1, 2]
    for row in range(6):
        ids, mask, types = map(torch.from_numpy, TokenTable.open(tokens).batch(np.array([row])))
        with torch.inference_mode():
            out = network(
                input_ids=ids, attention_mask=mask, token_type_ids=types, output_hidden_states=True
            )
        np.testing.assert_allclose(kept.logits[row], out.logits[0].numpy(), atol=1e-5)
        for layer, states in enumerate(out.hidden_states):
            np.testing.assert_allclose(
                kept.pooled[layer][row], states[0].mean(0).numpy(), atol=2e-3
            )


def test_another_order_of_labels_is_recorded_apart(
    backbone: Backbone, tokens: Path, tmp_path: Path
) -> None:
    turned = replace(backbone, label_names=("pos", "neg"), order=(1, 0))

    straight, other = recorded(backbone, tokens, tmp_path), recorded(turned, tokens, tmp_path)

    assert other.computed == 6
    np.testing.assert_allclose(
        Signals.open(other.folder).logits, Signals.open(straight.folder).logits[:, ::-1], atol=1e-6
    )


def test_another_teacher_and_other_rows_are_recorded_apart(
    backbone: Backbone, teacher: Path, tokens: Path, tmp_path: Path
) -> None:
    fewer = tokenize(teacher, Rows(TEXTS[:2], None, np.zeros(2, dtype=np.int64)), 64, tmp_path)

    asked = [
        recorded(backbone, rows, tmp_path, key).computed
        for rows, key in ((tokens, "a"), (tokens, "b"), (fewer, "a"))
    ]

    assert asked == [6, 6, 2]


def test_progress_ends_at_all_rows(backbone: Backbone, tokens: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    record(
        backbone,
        "key",
        tokens,
        tmp_path,
        device=CPU,
        tick=lambda done, total: seen.append((done, total)),
    )

    assert seen[-1] == (6, 6)


@pytest.mark.parametrize("value", [5.0, np.nan])
def test_damaged_signals_of_an_older_version_are_noticed_and_named(
    backbone: Backbone, tokens: Path, tmp_path: Path, value: float
) -> None:
    folder = recorded(backbone, tokens, tmp_path).folder
    (folder / FILE).unlink()
    logits = np.load(folder / "logits.npy")
    logits[3, 1] += value
    np.save(folder / "logits.npy", logits)

    with pytest.raises(
        TeacherError,
        match=rf"{folder} do not match the teacher: row 3 differs by .*remove that folder",
    ):
        recorded(backbone, tokens, tmp_path)


@pytest.mark.parametrize("sealed", [True, False])
def test_signals_that_were_cut_short_are_recorded_again(
    backbone: Backbone, tokens: Path, tmp_path: Path, sealed: bool
) -> None:
    folder = recorded(backbone, tokens, tmp_path).folder
    whole = (folder / "logits.npy").read_bytes()
    (folder / "logits.npy").write_bytes(whole[:-8])
    if not sealed:
        (folder / FILE).unlink()

    assert recorded(backbone, tokens, tmp_path).computed == 6
    assert (folder / "logits.npy").read_bytes() == whole


@pytest.mark.slow
def test_of_two_processes_at_once_one_records_and_the_other_reads(
    backbone: Backbone, tokens: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", IN_A_PROCESS, str(backbone.folder), str(tokens), str(tmp_path)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    assert other.stdin is not None
    other.stdin.write("go\n")
    other.stdin.flush()

    here = recorded(backbone, tokens, tmp_path)
    there = tuple(map(int, other.communicate(timeout=120)[0].split()))

    assert sorted([there, (here.computed, here.reused, here.checked)]) == [(0, 6, 6), (6, 0, 0)]
