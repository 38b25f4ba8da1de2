"""Batches of rows drawn by a sampling."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from autodistill.components.samplings import Known, Sampling
from autodistill.components.transfers import Transfer
from autodistill.registry import families
from autodistill.study.pipeline import Part
from autodistill.training.batches import Batch, Stream, load_batch
from autodistill.training.signals import OpenShard


class Drawn(Stream):
    """A `Stream` of rows drawn by a sampling, a few batches at a time.

    It has as many batches as a `Stream`.
    """

    group = 8

    def __init__(
        self,
        shard: OpenShard,
        rows: NDArray[np.int64],
        *,
        size: int,
        seed: int | tuple[int, ...],
        sampling: Sampling,
        epochs: int,
        visits: int = 0,
    ) -> None:
        super().__init__(shard, rows, size=size, seed=seed, visits=visits)
        self.sampling = sampling
        self.total = self.visits * epochs
        self.drawn = 0
        self.order = np.argsort(rows)
        self.hears = self._hear if sampling.listens else None

    def __iter__(self) -> Iterator[Batch]:
        for count in self._groups():
            places = self.sampling.draw(self.drawn / self.total, count, self.random)
            self.drawn += count
            parts = self._parts(self.rows[places])
            for i in self.random.permutation(len(parts)):
                yield load_batch(self.shard, parts[i], self.wanted)

    def _hear(
        self, rows: NDArray[np.int64], losses: NDArray[np.float64], right: NDArray[np.bool_]
    ) -> None:
        self.sampling.hear(
            self.order[np.searchsorted(self.rows, rows, sorter=self.order)], losses, right
        )


def sampling_of(part: Part, shard: OpenShard, rows: NDArray[np.int64]) -> Sampling:
    """The sampling, initialised with what is known of these rows."""
    sampling: Sampling = families.build("samplings", part.name, part.knobs)
    asked, logits = _answers(shard, rows)
    assert shard.signals is not None
    needed = "pooled" in sampling.needs
    sampling.begin(
        Known(
            np.array(shard.labels[rows]),
            logits,
            reference_logits(shard.signals.pooled[0][asked], logits) if needed else None,
        )
    )
    return sampling


def transfer_of(part: Part, shard: OpenShard, rows: NDArray[np.int64]) -> Transfer:
    """The transfer, initialised with the teacher's answers to these unlabelled rows."""
    transfer: Transfer = families.build("transfers", part.name, part.knobs)
    logits = _answers(shard, rows)[1]
    transfer.begin(Known(logits.argmax(1), logits))
    return transfer


def _answers(
    shard: OpenShard, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The rows whose signals these rows get, and the teacher's logits there."""
    assert shard.signals is not None
    asked = rows if shard.teacher_rows is None else shard.teacher_rows[rows]
    return asked, np.array(shard.signals.logits[asked])


def reference_logits(
    embeddings: NDArray[np.float16], logits: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Logits of a small model distilled from the teacher: (rows, classes).

    It is a linear map of the (rows, width) embeddings, fitted to the (rows, classes) logits.
    """
    x = embeddings.astype(np.float32)
    found: NDArray[np.float32] = (
        Ridge(alpha=1e-3 * len(x) * float(x.var(0).mean() or 1.0)).fit(x, logits).predict(x)
    )
    return found.reshape(logits.shape)
