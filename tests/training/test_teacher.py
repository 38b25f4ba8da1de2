"""A teacher's fine-tuning: its size, its members, their mean."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from autodistill.components.students import load_classifier
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part
from autodistill.training import checkpoints
from autodistill.training.teacher import (
    ACCURACY,
    Member,
    TuneData,
    _start,
    join_members,
    mean_weights,
    tune_member,
)
from autodistill.training.trial_data import TrialData
from autodistill.training.tuning import former_tuning, tuning


@pytest.fixture
def tune_data(data: TrialData, tmp_path: Path) -> TuneData:
    """The tiny teacher's network, to be tuned anew."""
    how = replace(tuning(64), epochs=1, optimizer=Part("adamw", {"lr": 1e-4, "batch": 16}))
    return TuneData(
        data.backbone.folder,
        ("neg", "pos"),
        data.vocabularies["trimmed"],
        data.shards["trimmed"],
        tmp_path,
        how,
        0,
        CPU,
    )


@pytest.mark.parametrize(
    ("rows", "batch", "epochs"),
    [(65_349, 64, 2), (3000, 32, 2), (1424, 16, 2), (800, 16, 3), (400, 16, 5), (100, 16, 5)],
)
def test_few_rows_get_more_passes_until_enough_are_seen(rows: int, batch: int, epochs: int) -> None:
    # 2,000 rows seen, but 2 passes at least and 5 at most; 300 steps of 64 rows would take 6.4
    # passes over 3,000, of 32 over 1,424 6.7: smaller ones then
    how = tuning(rows)

    assert (how.optimizer.knobs["batch"], how.epochs) == (batch, epochs)


@pytest.mark.parametrize(
    ("rows", "classes", "epochs"),
    [(616, 77, 8), (100, 77, 20), (80, 5, 5), (400, 2, 5), (3000, 77, 4), (8003, 77, 3)],
)
def test_many_classes_get_as_many_passes_as_their_steps_need(
    rows: int, classes: int, epochs: int
) -> None:
    # four steps for each class: 4 * 77 * 16 / 616 = 8; 49 over 100 rows, so the most; with steps
    # of 32 rows 4 * 77 * 32 / 3,000 = 3.3
    assert tuning(rows, classes).epochs == epochs


def test_the_rate_falls_with_the_root_of_the_steps_and_with_the_width() -> None:
    # 2,042 steps: the floor of 8e-5; 312.5 steps: 1.4e-4 * sqrt(400 / 312.5)
    rates = [tuning(rows).optimizer.knobs["lr"] for rows in (65_349, 10_000)]

    assert rates == pytest.approx([8e-5, 1.5839e-4], rel=1e-3)
    assert tuning(65_349, width=768).optimizer.knobs["lr"] == pytest.approx(4e-5)
    assert tuning(65_349, width=32).optimizer.knobs["lr"] == 8e-5


def test_the_tuned_teacher_is_the_mean_of_its_members(tune_data: TuneData) -> None:
    states = []
    for number in range(2):
        tune_member(tune_data, Member(number), lambda *_: None)
        states.append(load_file(tune_data.target / f"member_{number}.safetensors"))

    join_members(tune_data)

    made = load_classifier(tune_data.target, 2)
    assert not torch.equal(states[0]["classifier.weight"], states[1]["classifier.weight"])
    torch.testing.assert_close(
        made.classifier.weight,
        (states[0]["classifier.weight"] + states[1]["classifier.weight"]) / 2,
    )
    assert list(tune_data.target.glob("member_*")) == []


@pytest.mark.parametrize(
    ("cores", "members", "given", "threads"), [(8, 2, None, 4), (1, 2, None, 1), (8, 2, 1, 1)]
)
def test_members_share_the_cores(
    tune_data: TuneData,
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    members: int,
    given: int | None,
    threads: int,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
    monkeypatch.setattr(torch, "set_num_threads", asked.append)
    how = replace(tune_data.tuning, members=members)

    tune_member(replace(tune_data, tuning=how, threads=given), Member(0), lambda *_: None)

    assert asked == [threads]


def test_members_start_from_one_head(tune_data: TuneData) -> None:
    still = replace(
        tune_data,
        tuning=replace(tune_data.tuning, optimizer=Part("adamw", {"lr": 1e-5, "batch": 64})),
    )
    for number in range(2):
        tune_member(still, Member(number), lambda *_: None)

    first, second = (
        load_file(tune_data.target / f"member_{n}.safetensors")["classifier.weight"]
        for n in range(2)
    )

    torch.testing.assert_close(
        first, second, atol=3e-5, rtol=0
    )  # one step of 1e-5 each; a fresh head has entries of 0.02


def test_tuning_leaves_the_embeddings_of_unused_words_alone(tune_data: TuneData) -> None:
    before = load_classifier(tune_data.source, 2).get_input_embeddings().weight.detach().numpy()
    for number in range(2):
        tune_member(tune_data, Member(number), lambda *_: None)

    join_members(tune_data)

    after = load_classifier(tune_data.target, 2)
    moved = np.flatnonzero(
        np.abs(after.get_input_embeddings().weight.detach().numpy() - before).max(1) > 0
    )
    assert tune_data.words.keep is not None
    kept = set(np.load(tune_data.words.keep).tolist())
    assert len(moved)
    assert set(moved.tolist()) <= kept
    assert len(kept) < len(before)
    assert after.config.vocab_size == len(before)


def test_what_nothing_trained_before_moves_ten_times_as_fast(tune_data: TuneData) -> None:
    once = Part("adamw", {"lr": 1e-5, "batch": 64})  # one step of 64 rows, of the rate's size
    still = replace(tune_data, tuning=replace(tune_data.tuning, optimizer=once))
    begin = _start(still).state_dict()

    tune_member(still, Member(0), lambda *_: None)

    end = load_file(still.target / "member_0.safetensors")
    moved = {name: float((end[name] - begin[name]).abs().max()) for name in end}
    inside = moved["bert.encoder.layer.0.attention.self.query.weight"]
    assert inside == pytest.approx(1e-5, rel=0.1)
    assert moved["classifier.weight"] == pytest.approx(1e-4, rel=0.1)
    assert moved["bert.pooler.dense.weight"] == pytest.approx(1e-4, rel=0.1)


def test_folders_of_teachers_tuned_in_a_former_way_keep_their_names() -> None:
    # as version a48274c named them
    knobs = "{'lr': 0.0002, 'batch': 64, 'weight_decay': 0.01, 'warmup': 0.06}"
    texts = f"Tuning(epochs=4, optimizer=Part(name='adamw', knobs={knobs}), parts=4, members=2"
    few = "{'lr': 0.05, 'batch': 16}"
    images = f"Tuning(epochs=24, optimizer=Part(name='sgd', knobs={few}), parts=1, members=1"

    named = [former_tuning(1000), tuning(1000, images=True)]

    assert [repr(how) for how in named] == [f"{t}, dropout=0.0)" for t in (texts, images)]
    assert [how.later for how in named] == ["", ""]
    assert tuning(1000).later


def test_the_mean_keeps_what_is_not_a_weight() -> None:
    states = [
        {"w": torch.tensor([1.0, 2.0]), "ids": torch.tensor([7])},
        {"w": torch.tensor([3.0, 0.0]), "ids": torch.tensor([7])},
    ]

    mean = mean_weights(states)

    assert mean["w"].tolist() == [2.0, 1.0]
    assert mean["ids"].tolist() == [7]


class Killed(Exception):
    """An interruption at any moment."""


def end_after(steps: int) -> Callable[[int, float], None]:
    """A report that interrupts the member that makes it."""

    def report(step: int, _: float) -> None:
        if step >= steps:
            raise Killed

    return report


def test_a_member_goes_on_after_its_last_whole_epoch_as_if_nothing_had_happened(
    tune_data: TuneData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(checkpoints, "SHARE", float("inf"))
    how = replace(tune_data.tuning, epochs=4, dropout=0.1)  # of 4 steps each
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    tune_member(replace(tune_data, tuning=how, target=whole), Member(0), lambda *_: None)

    data, steps = replace(tune_data, tuning=how, kept=parts), list[int]()
    with pytest.raises(Killed):
        tune_member(data, Member(0), end_after(10))
    tune_member(data, Member(0), lambda step, _: steps.append(step))

    assert steps[0] > 8
    assert [p.name for p in parts.iterdir()] == ["member_0.safetensors"]
    before, after = (load_file(f / "member_0.safetensors") for f in (whole, parts))
    for name, weight in before.items():
        torch.testing.assert_close(after[name], weight, atol=1e-6, rtol=1e-5, msg=name)


def test_a_checkpoint_that_is_cut_is_begun_again(tune_data: TuneData, tmp_path: Path) -> None:
    how = replace(tune_data.tuning, epochs=2)
    data, steps = replace(tune_data, tuning=how, kept=tmp_path), list[int]()
    (tmp_path / "member_0.ckpt").write_bytes(b"cut")

    tune_member(data, Member(0), lambda step, _: steps.append(step))

    assert steps[0] == 2


def test_accuracy_on_rows_kept_out_is_reported(tune_data: TuneData) -> None:
    data = replace(tune_data, tuning=replace(tune_data.tuning, held=0.25))
    said = list[float]()

    tune_member(data, Member(0), lambda step, x: said.append(x) if step == ACCURACY else None)

    assert data.tuning.held_rows(64) == 16
    assert len(said) == 3
    assert {x * 16 % 1 for x in said} == {0.0}
