"""Rows and their views in one stream."""

from typing import Any

import numpy as np
import pytest

from autodistill.datasets._tables import TokenTable
from autodistill.study.pipeline import Part, Pipeline
from autodistill.training import trial
from autodistill.training.batches import Stream
from autodistill.training.fit import FitResult, fit
from autodistill.training.fit_plan import FitPlan
from autodistill.training.rungs import Report, never
from autodistill.training.signals import OpenShard, SignalRequest, Signals
from autodistill.training.streams import Streams, stream_of
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

ROWS = np.arange(3, 43)


def shard(view: int, rows: int = 50) -> OpenShard:
    """Rows of 1 to 7 tokens, whose ids, logits and states tell the row and the view."""
    ids = [[100 * view + row] * (1 + (row + view) % 7) for row in range(rows)]
    logits = np.array([[row, view] for row in range(rows)], dtype=np.float32)
    table = TokenTable.make(ids, [[0] * len(i) for i in ids], pad_id=0)
    return OpenShard(
        table,
        np.arange(rows),
        Signals(logits, {n: (logits + n).astype(np.float16) for n in range(3)}),
    )


def test_without_views_it_is_the_plain_stream() -> None:
    plain = Stream(shard(0), ROWS, size=8, seed=5)

    found = stream_of((shard(0),), ROWS, size=8, seed=5)

    assert type(found) is Stream
    assert [b.labels.tolist() for b in found] == [b.labels.tolist() for b in plain]


def test_each_row_and_each_view_of_it_comes_once_an_epoch_with_its_own_signals() -> None:
    stream = stream_of((shard(0), shard(1), shard(2)), ROWS, size=8, seed=0)
    stream.wanted = SignalRequest((0, 2))

    for _ in range(2):
        batches = list(stream)
        assert len(batches) == len(stream) == 15
        seen = []
        for batch in batches:
            assert batch.teacher_logits is not None
            for i in range(len(batch.labels)):
                row, view = batch.teacher_logits[i].int().tolist()
                assert batch.labels[i] == row
                assert batch.ids[i, 0] == 100 * view + row
                assert batch.teacher_pooled[2][i].tolist() == [row + 2, view + 2]
                seen.append((view, row))
            assert list(batch.teacher_pooled) == [0, 2]
        assert sorted(seen) == [(view, row) for view in range(3) for row in ROWS]


def test_the_seed_decides_the_order_and_views_are_interleaved() -> None:
    def views_of(stream: Streams | Stream) -> list[list[int]]:
        return [[int(b.ids[0, 0]) // 100 for b in stream] for _ in range(2)]

    shards = (shard(0), shard(1))
    one, same, other = (views_of(stream_of(shards, ROWS, size=4, seed=s)) for s in (0, 0, 1))

    assert one == same
    assert one != other
    assert one[0] != one[1]
    assert one[0] != sorted(one[0])


def test_a_trial_trains_on_rows_and_views(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[int, int]] = []

    def counted(network: Any, shard: OpenShard, plan: FitPlan, report: Report) -> FitResult:
        return fit(network, shard, plan, report, lambda done, total: steps.append((done, total)))

    monkeypatch.setattr(trial, "fit", counted)
    treated = pipeline.with_stages(augmentation=Part("random_swap", {"rate": 0.1, "views": 2}))

    found = run_trial(
        data, TrialSpec(0, treated, 0, 64, 2, views=(data.shards["trimmed"],) * 2), never
    )

    assert found.status == "complete"
    assert found.fidelity == {"rows": 64, "epochs": 2}
    assert steps[-1] == (12, 12)  # two epochs over three shards of two batches of 32


@pytest.mark.parametrize("views", [0, 1])
def test_a_trial_without_the_views_that_it_is_to_train_on_does_not_begin(
    data: TrialData, pipeline: Pipeline, views: int
) -> None:
    part = Part("none") if views else Part("random_swap")

    with pytest.raises(AssertionError):
        run_trial(
            data,
            TrialSpec(
                0,
                pipeline.with_stages(augmentation=part),
                0,
                64,
                1,
                views=(data.shards["trimmed"],) * views,
            ),
            never,
        )
