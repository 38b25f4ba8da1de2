"""The record of every token is what the teacher shows when it is queried."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.errors import SpecError
from autodistill.prepare.record_token_signals import fits, limit, record_by_token, size
from autodistill.prepare.tokens import tokenize
from autodistill.runtime.device import CPU
from autodistill.training.batches import load_batch
from autodistill.training.live_teacher import LiveTeacher, live_teacher
from autodistill.training.rungs import never
from autodistill.training.signals import BY_TOKEN, SignalRequest, Signals, token_folder
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.fakes import sentences
from tests.training.materials import materials
from tests.training.test_feature_terms import pipeline_of

ALL = SignalRequest(tokens=(0, 1, 2), projections=(0, 1))


@pytest.fixture(scope="module")
def recorded(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    """A tiny study whose tokens are on disk."""
    home, pairs = tmp_path_factory.mktemp("home"), sentences(96, seed=3)
    rows = Rows(
        tuple(t for t, _ in pairs),
        None,
        np.array([("neg", "pos").index(label) for _, label in pairs]),
    )
    data = materials(teacher, ("neg", "pos"), rows, 32, home)
    signals, tokens = data.shards["trimmed"].signals, tokenize(teacher, rows, 64, home)
    assert signals is not None
    for kind in BY_TOKEN:
        assert record_by_token(
            kind, data.backbone, signals, tokens, device=CPU, tick=lambda *_: None
        )
        assert not record_by_token(
            kind, data.backbone, signals, tokens, device=CPU, tick=lambda *_: None
        )
    return data


def test_the_teacher_shows_the_same_on_disk_and_when_it_is_asked(recorded: TrialData) -> None:
    shard, rows = recorded.shards["trimmed"].open(), np.array([4, 0, 31, 7])

    kept = load_batch(shard, rows, ALL)

    asked = LiveTeacher(recorded.backbone, recorded.vocabularies["trimmed"]).read(
        load_batch(shard, rows), ALL
    )
    assert kept.aligned is None
    mask = kept.mask.bool()
    for layer in ALL.tokens:
        torch.testing.assert_close(
            kept.teacher_tokens[layer][mask],
            asked.teacher_tokens[layer][mask],
            rtol=2e-3,
            atol=2e-3,
        )
    for layer in ALL.projections:
        own, theirs = kept.teacher_projections[layer], asked.teacher_projections[layer]
        torch.testing.assert_close(own[:, mask], theirs[:, mask], rtol=2e-3, atol=2e-3)
    assert all((kept.teacher_tokens[n][~mask] == 0).all() for n in ALL.tokens)


def test_their_mean_is_what_is_recorded_by_row(recorded: TrialData) -> None:
    shard, rows = recorded.shards["trimmed"].open(), np.arange(8)
    batch = load_batch(shard, rows, SignalRequest(pooled=(1,), tokens=(1,)))

    mean = batch.teacher_tokens[1].sum(1) / batch.mask.sum(1, keepdim=True)

    torch.testing.assert_close(mean, batch.teacher_pooled[1], rtol=5e-3, atol=5e-3)


def test_what_is_on_disk_is_not_asked_for_again(recorded: TrialData, data: TrialData) -> None:
    pipeline = pipeline_of("attention_mse")

    def teacher_of(given: TrialData) -> LiveTeacher | None:
        return live_teacher(
            pipeline,
            [given.shards["trimmed"].open()],
            given.backbone,
            given.vocabularies["trimmed"],
        )

    assert teacher_of(recorded) is None
    assert teacher_of(data) is not None
    assert live_teacher(pipeline_of("mse"), [], data.backbone, data.vocabularies["trimmed"]) is None


@pytest.mark.parametrize("loss", ["attention_mse", "fsp", "mi_alpha_tokens"])
def test_a_run_from_disk_learns_what_a_run_beside_the_teacher_learns(
    recorded: TrialData, data: TrialData, loss: str
) -> None:
    scores = [
        run_trial(d, TrialSpec(0, pipeline_of(loss), 0, 64, 2), never).metrics["cross_entropy"]
        for d in (recorded, data)
    ]

    assert scores[0] == pytest.approx(scores[1], rel=0.02)


def test_a_row_that_was_read_as_other_tokens_is_marked(recorded: TrialData) -> None:
    shard = recorded.shards["trimmed"].open()
    assert shard.signals is not None
    kept = shard.signals.by_token["tokens"]
    longer = kept.offsets + np.array(
        [0, 0, *[1] * (len(kept.offsets) - 2)]
    )  # row 1 has one token more
    other = replace(
        shard, signals=replace(shard.signals, by_token={"tokens": replace(kept, offsets=longer)})
    )

    batch = load_batch(other, np.arange(3), SignalRequest(tokens=(1,)))

    assert batch.aligned is not None
    assert batch.aligned.tolist() == [1, 0, 1]
    assert batch.valid[1].sum() == 0


def test_what_is_foreseen_is_what_is_written(recorded: TrialData) -> None:
    signals = recorded.shards["trimmed"].signals
    assert signals is not None
    tokens = len(Signals.open(signals).by_token["tokens"].layers[0])
    for kind in BY_TOKEN:
        written = sum(
            p.stat().st_size - 128 for p in token_folder(signals, kind).glob("layer_*.npy")
        )

        assert written == size(kind, recorded.backbone, tokens)


def test_a_limit_in_gigabytes_says_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    backbone = Backbone(Path(), ("a", "b"), (), 6, 384)
    assert size("tokens", backbone, 1000) == 1000 * 7 * 384 * 2
    assert size("projections", backbone, 1000) == 1000 * 6 * 3 * 384 * 2

    monkeypatch.setenv("AUTODISTILL_TOKEN_GB", "0.01")
    assert fits("tokens", backbone, 1000)
    assert not fits("projections", backbone, 1000)
    monkeypatch.setenv("AUTODISTILL_TOKEN_GB", "much")
    with pytest.raises(SpecError, match="AUTODISTILL_TOKEN_GB=much: write a number of gigabytes"):
        limit()
