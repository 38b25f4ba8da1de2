"""Rows on disk."""

from pathlib import Path

import numpy as np

from autodistill.datasets._tables import TokenTable
from autodistill.training.signals import Shard, Signals

TABLE = TokenTable.make([[5, 6, 7], [8], [9, 10]], [[0, 0, 1], [0], [0, 1]], pad_id=1)


def test_signals_survive_the_disk_with_layers_by_number(tmp_path: Path) -> None:
    states = {n: np.full((2, 3), n, dtype=np.float16) for n in (10, 2, 0)}
    Signals(np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32), states).save(tmp_path)

    back = Signals.open(tmp_path)

    assert list(back.pooled) == [0, 2, 10]
    assert back.pooled[10][0, 0] == 10
    assert back.logits.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_a_shard_without_a_teacher_has_no_signals(tmp_path: Path) -> None:
    TABLE.save(tmp_path)
    np.save(tmp_path / "labels.npy", np.array([0, 1, 0]))

    shard = Shard(tmp_path, tmp_path / "labels.npy").open()

    assert shard.signals is None
    assert shard.labels.tolist() == [0, 1, 0]
