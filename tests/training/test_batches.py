"""Batches: each row once an epoch, as many as announced, the same for the same seed."""

import numpy as np
import pytest
import torch

from autodistill.datasets._tables import TokenTable
from autodistill.training.batches import Parts, Stream, load_batch
from autodistill.training.signals import OpenShard, SignalRequest, Signals


def shard(rows: int) -> OpenShard:
    """Rows of 1 to 7 tokens.

    The label of a row is its place, so that a batch tells which rows it holds.
    """
    ids = [[row] * (1 + row % 7) for row in range(rows)]
    return OpenShard(
        TokenTable.make(ids, [[0] * len(i) for i in ids], pad_id=0), np.arange(rows), None
    )


def rows_of(stream: Stream) -> list[list[int]]:
    """Rows of each batch of the next epoch."""
    return [batch.labels.tolist() for batch in stream]


@pytest.mark.parametrize("size", [8, 32])
@pytest.mark.parametrize(
    "rows", [1, 2, 31, 32, 33, 47, 48, 49, 64, 399, 400, 401, 411, 412, 413, 1599, 1600, 1601, 1633]
)
def test_each_row_comes_once_an_epoch_in_as_many_batches_as_announced(rows: int, size: int) -> None:
    stream = Stream(shard(rows), np.arange(rows), size=size, seed=0)

    for _ in range(2):
        batches = rows_of(stream)
        assert len(batches) == len(stream)
        assert sorted(r for b in batches for r in b) == list(range(rows))
        assert all(batches)


def test_only_the_given_rows_come() -> None:
    stream = Stream(shard(50), np.array([3, 7, 49]), size=8, seed=0)

    assert sorted(r for b in rows_of(stream) for r in b) == [3, 7, 49]


def test_the_seed_decides_the_order_and_each_epoch_has_another() -> None:
    one, same, other = (Stream(shard(200), np.arange(200), size=8, seed=s) for s in (0, 0, 1))

    first = rows_of(one)

    assert first == rows_of(same)
    assert first != rows_of(other)
    assert first != rows_of(one)


def test_rows_of_a_batch_are_about_equally_long() -> None:
    stream = Stream(shard(350), np.arange(350), size=10, seed=0)

    # 350 rows are one group, sorted by length: 50 rows of each of 7 lengths;
    # a batch spans two neighbouring lengths at most
    assert all(np.ptp(batch.mask.sum(1).numpy()) <= 1 for batch in stream)


def test_batches_have_about_equally_many_tokens() -> None:
    stream = Stream(shard(350), np.arange(350), size=10, seed=0)

    # 1,400 tokens in 35 batches: 40 each, give or take the row of at most 7 tokens at each
    # of the two cuts
    assert all(abs(int(batch.mask.sum()) - 40) <= 14 for batch in stream)


def test_a_row_longer_than_a_share_leaves_no_batch_empty() -> None:
    table = TokenTable.make(
        [[1], [2], [3] * 90, [4] * 99], [[0], [0], [0] * 90, [0] * 99], pad_id=0
    )
    stream = Stream(OpenShard(table, np.arange(4), None), np.arange(4), size=1, seed=0)

    assert sorted(rows_of(stream)) == [[0], [1], [2], [3]]


def test_a_batch_is_padded_and_carries_the_teacher() -> None:
    base = shard(3)
    states = {n: np.full((3, 2), n, dtype=np.float16) for n in range(3)}
    taught = OpenShard(
        base.table, base.labels, Signals(np.arange(6, dtype=np.float32).reshape(3, 2), states)
    )

    batch = load_batch(taught, np.array([2, 0]), SignalRequest((0, 2)))

    assert batch.ids.tolist() == [[2, 2, 2], [0, 0, 0]]
    assert batch.mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.teacher_logits is not None
    assert batch.teacher_logits.tolist() == [[4, 5], [0, 1]]
    assert list(batch.teacher_pooled) == [0, 2]
    assert batch.teacher_pooled[2].dtype == torch.float32


def test_a_shuffled_teacher_gives_each_row_the_answer_to_another() -> None:
    base = shard(3)
    states = {1: np.arange(6, dtype=np.float16).reshape(3, 2)}
    signals = Signals(np.arange(6, dtype=np.float32).reshape(3, 2), states)
    shuffled = OpenShard(base.table, base.labels, signals, teacher_rows=np.array([1, 2, 0]))

    batch = load_batch(shuffled, np.array([2, 0]), SignalRequest((1,)))

    assert batch.labels.tolist() == [2, 0]
    assert batch.teacher_logits is not None
    assert batch.teacher_logits.tolist() == [[0, 1], [2, 3]]
    assert batch.teacher_pooled[1].tolist() == [[0, 1], [2, 3]]


def test_without_a_teacher_there_are_no_signals() -> None:
    batch = load_batch(shard(3), np.array([1]))

    assert batch.teacher_logits is None
    assert batch.teacher_pooled == {}


@pytest.mark.parametrize("rows", [4, 15, 16, 17, 31, 32, 33, 100])
def test_a_step_in_parts_holds_random_rows_and_its_weights_make_the_mean_over_them(
    rows: int,
) -> None:
    stream = Parts(shard(rows), np.arange(rows), size=16, parts=4, seed=0)

    batches = list(stream)

    assert len(batches) == len(stream)
    assert len(stream) % 4 == 0
    assert sorted(r for b in batches for r in b.labels.tolist()) == list(range(rows))
    for step in range(0, len(batches), 4):
        parts = batches[step : step + 4]
        # each part's loss is a mean over its rows;
        # a quarter of the weighted sum is the mean over all rows of the step
        values = torch.cat([b.labels.float() for b in parts]).mean()
        assert sum(b.weight * b.labels.float().mean() for b in parts) / 4 == pytest.approx(
            values.item(), rel=1e-5
        )
        assert [int(b.mask.sum(1).min()) for b in parts] == sorted(
            int(b.mask.sum(1).min()) for b in parts
        )
