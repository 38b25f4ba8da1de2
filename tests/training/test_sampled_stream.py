"""Streams that draw their rows by a sampling."""

import numpy as np
import pytest

from autodistill.components.samplings import Sampling
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline
from autodistill.training.rungs import never
from autodistill.training.sampled_stream import Drawn, reference_logits, sampling_of
from autodistill.training.signals import OpenShard, Signals
from autodistill.training.streams import stream_of
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.test_batches import shard


def taught(rows: int) -> OpenShard:
    """Labels tell the row; the teacher is right on even rows of two classes."""
    logits = np.array(
        [[1.0, 0.0] if row % 2 == 0 else [0.0, 1.0] for row in range(rows)], dtype=np.float32
    )
    states = {n: np.arange(2 * rows, dtype=np.float16).reshape(rows, 2) for n in range(2)}
    base = shard(rows)
    return OpenShard(base.table, np.zeros(rows, dtype=np.int64), Signals(logits, states))


@pytest.mark.parametrize("name", families.names("samplings"))
@pytest.mark.parametrize("rows", [1, 31, 100, 401])
def test_as_many_batches_as_announced_of_as_many_visits_as_there_are_rows(
    name: str, rows: int
) -> None:
    some = np.arange(0, 2 * rows, 2)
    stream = stream_of((taught(2 * rows),), some, size=8, seed=0, sampling=Part(name), epochs=2)

    for _ in range(2):
        batches = list(stream)
        assert len(batches) == len(stream)
        seen = np.concatenate([b.rows for b in batches if b.rows is not None])
        assert len(seen) == rows
        assert set(seen.tolist()) <= set(some.tolist())


def test_a_curriculum_goes_on_from_epoch_to_epoch() -> None:
    stream = stream_of(
        (taught(128),),
        np.arange(128),
        size=8,
        seed=0,
        sampling=Part("pacing", {"start": 0.1, "share": 1.0}),
        epochs=4,
    )

    different = [
        len({row for batch in stream if batch.rows is not None for row in batch.rows.tolist()})
        for _ in range(4)
    ]

    # at the beginning of its last quarter a tenth and three quarters of the rest are open
    assert different == sorted(different)
    assert different[0] < 50
    assert different[-1] > 90


def test_what_the_student_did_is_told_by_place_whatever_the_order_of_the_rows() -> None:
    rows = np.array([40, 10, 30])
    sampling = sampling_of(Part("hard_examples"), taught(50), rows)
    stream = Drawn(taught(50), rows, size=8, seed=0, sampling=sampling, epochs=1)
    assert stream.hears is not None

    stream.hears(np.array([10, 40]), np.ones(2), np.array([False, True]))

    assert sampling.wrong.tolist() == [False, True, False]  # type: ignore[attr-defined]


def test_views_hear_of_each_others_batches() -> None:
    stream = stream_of(
        (taught(64), taught(64)), np.arange(64), size=8, seed=0, sampling=Part("hard_examples")
    )
    assert stream.hears is not None

    stream.hears(np.array([6]), np.ones(1), np.array([False]))

    assert [s.sampling.wrong[6] for s in stream.streams] == [True, True]  # type: ignore[union-attr]


def test_the_reference_is_a_linear_map_of_the_embeddings() -> None:
    draw = np.random.default_rng(0)
    embeddings = draw.normal(size=(400, 5)).astype(np.float16)
    logits = (embeddings.astype(np.float32) @ draw.normal(size=(5, 3)) + 2).astype(np.float32)

    np.testing.assert_allclose(reference_logits(embeddings, logits), logits, atol=0.05)


@pytest.mark.parametrize("name", families.names("samplings"))
def test_a_trial_trains_on_what_is_drawn(
    data: TrialData, pipeline: Pipeline, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    member = families.get("samplings", name)
    own = member.hear

    def hear(self: Sampling, places: np.ndarray, losses: np.ndarray, right: np.ndarray) -> None:
        heard.append(len(places))
        own(self, places, losses, right)

    monkeypatch.setattr(member, "hear", hear)

    found = run_trial(
        data, TrialSpec(0, pipeline.with_stages(sampling=Part(name)), 0, 64, 2), never
    )

    assert found.status == "complete"
    assert sum(heard) == (128 if member.listens else 0)


def test_rows_are_weighed_by_a_reference(data: TrialData, pipeline: Pipeline) -> None:
    plain, weighed = (
        run_trial(data, TrialSpec(0, p, 0, 64, 1), never)
        for p in (pipeline, pipeline.with_stages(weighting=Part("reference")))
    )

    assert weighed.status == "complete"
    assert weighed.metrics["cross_entropy"] != plain.metrics["cross_entropy"]
