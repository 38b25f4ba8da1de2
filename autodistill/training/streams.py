"""Labelled rows, unlabelled rows and augmented views of both in one stream of batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.components.samplings import Sampling
from autodistill.study.pipeline import NONE, Part
from autodistill.training.batches import Batch, Stream
from autodistill.training.sampled_stream import Drawn, sampling_of, transfer_of
from autodistill.training.signals import OpenShard, SignalRequest

NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Pool:
    """The transfer set of a training."""

    rows: NDArray[np.int64]
    """Places of unlabelled rows in the split."""
    transfer: Part = NONE
    """The member of the family `transfers` that selects among them."""

    @property
    def is_used(self) -> bool:
        """Whether a training visits any of them."""
        return self.transfer != NONE and len(self.rows) > 0


NO_POOL = Pool(NO_ROWS)


def stream_of(
    shards: Sequence[OpenShard],
    rows: NDArray[np.int64],
    *,
    size: int,
    seed: int,
    sampling: Part = NONE,
    epochs: int = 1,
    visits: int = 0,
    pool: Pool = NO_POOL,
) -> "Stream | Streams":
    """Batches over these rows of each shard, drawn by a sampling if there is one.

    `visits`: visits of an epoch in each shard, labelled and unlabelled; 0 for as many as there are
    labelled rows. For a single shard without a transfer set it is the plain stream.
    """
    streams: list[Stream] = []
    visits = visits or len(rows)
    for i, shard in enumerate(shards):
        left = visits
        if pool.is_used:
            transfer = transfer_of(pool.transfer, shard, pool.rows)
            given = max(1, min(visits - 1, round(transfer.share * visits)))
            left = max(1, visits - given)
            seeds = (seed + i, 5)
            streams.append(_drawn(shard, pool.rows, transfer, size, seeds, epochs, given))
        if sampling == NONE:
            streams.append(Stream(shard, rows, size=size, seed=seed + i, visits=left))
        else:
            made = sampling_of(sampling, shard, rows)
            streams.append(_drawn(shard, rows, made, size, seed + i, epochs, left))
    return streams[0] if len(streams) == 1 else Streams(streams, seed)


def _drawn(
    shard: OpenShard,
    rows: NDArray[np.int64],
    sampling: Sampling,
    size: int,
    seed: int | tuple[int, ...],
    epochs: int,
    visits: int,
) -> Drawn:
    return Drawn(shard, rows, size=size, seed=seed, sampling=sampling, epochs=epochs, visits=visits)


class Streams:
    """The batches of several streams, in a new random order each epoch.

    No batch holds rows of two streams, so each batch is read from the files of one view, and labels
    and signals are those of that view's rows; labelled and unlabelled rows never meet in one.
    """

    def __init__(self, streams: Sequence[Stream], seed: int) -> None:
        self.streams = streams
        self.random = np.random.default_rng((seed, len(streams)))
        self.hears = self._hear if any(stream.hears for stream in streams) else None

    @property
    def wanted(self) -> SignalRequest:
        """Teacher signals to load."""
        return self.streams[0].wanted

    @wanted.setter
    def wanted(self, wanted: SignalRequest) -> None:
        for stream in self.streams:
            stream.wanted = wanted

    def _hear(
        self, rows: NDArray[np.int64], losses: NDArray[np.float64], right: NDArray[np.bool_]
    ) -> None:
        for stream in self.streams:
            if stream.hears and stream.is_labelled == (stream.shard.labels[rows[0]] >= 0):
                stream.hears(rows, losses, right)

    def __len__(self) -> int:
        return sum(map(len, self.streams))

    def __iter__(self) -> Iterator[Batch]:
        batches = [iter(stream) for stream in self.streams]
        for i in self.random.permutation(
            np.repeat(np.arange(len(batches)), [len(s) for s in self.streams])
        ):
            yield next(batches[i])
