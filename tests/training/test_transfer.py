"""Unlabelled rows in a training: their share of the visits, and what is learned from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.training.batches import Stream, load_batch
from autodistill.training.full import train_in_full
from autodistill.training.rungs import never
from autodistill.training.streams import Pool, stream_of
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

from .modules import module_of
from .test_streams import shard

ALL = Part("all", {"share": 0.75})
POOL = 20
SOFT = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 1.0}), 0.5))


def unlabelled(data: TrialData, folder: Path, label: int = -1) -> TrialData:
    """The study with its last training rows unlabelled and at the end, after all others."""
    count, shards = POOL, {}
    for name, part in data.shards.items():
        labels = np.load(part.labels)
        labels[-count:] = label
        place = folder / f"{name}-{label}.npy"
        np.save(place, labels)
        shards[name] = replace(part, labels=place)
    return replace(data, shards=shards, train_rows=data.train_rows - count, pool_rows=count)


def pipeline(transfer: Part = ALL, terms: tuple[Term, ...] = SOFT) -> Pipeline:
    """A small student that learns from unlabelled rows, too."""
    stages = {"transfer": transfer} if transfer != NONE else {}
    return Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 3e-3}), stages)


def test_visits_of_fewer_rows_than_an_epoch_has_go_round() -> None:
    stream = Stream(shard(0), np.arange(5), size=4, seed=0, visits=12)

    visits = [np.concatenate([b.labels for b in stream]) for _ in range(5)]

    assert [len(v) for v in visits] == [12] * 5
    assert np.bincount(np.concatenate(visits)).tolist() == [12] * 5


def test_a_pass_that_an_epoch_does_not_finish_is_finished_by_the_next() -> None:
    stream = Stream(shard(0), np.arange(9), size=4, seed=0, visits=3)

    visits = np.concatenate([b.labels for _ in range(3) for b in stream])

    assert sorted(visits) == list(range(9))


def test_a_share_of_the_visits_goes_to_unlabelled_rows_and_steps_stay_as_many() -> None:
    rows, pool = np.arange(10), Pool(np.arange(10, 50), ALL)
    half = replace(shard(0), labels=np.where(np.arange(50) < 10, np.arange(50), -1))

    taught = stream_of((half,), rows, size=8, seed=0, visits=64, epochs=2, pool=pool)
    alone = stream_of((half,), rows, size=8, seed=0, visits=64, epochs=2)

    batches = list(taught)
    assert sum(len(b.labels) for b in batches if b.unlabelled) == 48
    assert sum(len(b.labels) for b in batches if not b.unlabelled) == 16
    assert len(batches) == len(taught) == len(list(alone)) == 8


def test_a_row_without_a_label_has_the_teacher_s_most_likely_class(
    data: TrialData, tmp_path: Path
) -> None:
    opened = unlabelled(data, tmp_path).shards["trimmed"].open()

    batch = load_batch(opened, np.arange(len(opened.labels) - 4, len(opened.labels)))

    assert batch.unlabelled
    assert batch.teacher_logits is not None
    assert batch.labels.tolist() == batch.teacher_logits.argmax(1).tolist()


def test_no_hard_loss_on_unlabelled_rows_and_its_weight_goes_to_the_teacher(
    data: TrialData,
) -> None:
    module, batch = module_of(data, *SOFT)
    soft, _ = module_of(data, replace(SOFT[1], weight=1.0))

    found = module.training_step(replace(batch, unlabelled=True), 0)

    torch.testing.assert_close(found, soft.training_step(batch, 0))


def test_what_stands_in_the_file_for_an_unlabelled_row_changes_nothing(
    data: TrialData, tmp_path: Path
) -> None:
    spec = TrialSpec(0, pipeline(), 0, 48, 2)

    one, other = (run_trial(unlabelled(data, tmp_path, n), spec, never) for n in (-1, -7))

    assert one.predictions == other.predictions
    assert one.metrics == other.metrics


@pytest.mark.parametrize("transfer", ["all", "confident", "llkd"])
def test_a_trial_of_more_visits_than_labelled_rows_runs(
    data: TrialData, tmp_path: Path, transfer: str
) -> None:
    made = unlabelled(data, tmp_path)
    rows = made.train_rows + made.pool_rows

    found = run_trial(made, TrialSpec(0, pipeline(Part(transfer)), 0, rows, 2), never)

    assert found.status == "complete"
    assert found.fidelity == {"rows": rows, "epochs": 2}


def test_a_full_training_visits_unlabelled_rows(data: TrialData, tmp_path: Path) -> None:
    made = unlabelled(data, tmp_path)
    steps: list[int] = []

    def tick(done: int, total: int) -> None:
        steps.append(total)

    for part in (ALL, NONE):
        train_in_full(made, pipeline(part), epochs=2, seed=0, tick=tick)

    assert len(set(steps)) == 1
