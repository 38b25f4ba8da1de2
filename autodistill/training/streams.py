"""Rows and their augmented views in one stream of batches."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autodistill.study.pipeline import NONE, Part
from autodistill.training.batches import Batch, Stream
from autodistill.training.sampled_stream import Drawn, sampling_of
from autodistill.training.signals import OpenShard, SignalRequest


def stream_of(
    shards: Sequence[OpenShard],
    rows: NDArray[np.int64],
    *,
    size: int,
    seed: int,
    sampling: Part = NONE,
    epochs: int = 1,
) -> "Stream | Streams":
    """Batches over these rows of each shard, drawn by a sampling if there is one.

    For a single shard it is the plain stream.
    """
    streams: list[Stream] = []
    for i, shard in enumerate(shards):
        if sampling == NONE:
            streams.append(Stream(shard, rows, size=size, seed=seed + i))
        else:
            made = sampling_of(sampling, shard, rows)
            streams.append(
                Drawn(shard, rows, size=size, seed=seed + i, sampling=made, epochs=epochs)
            )
    return streams[0] if len(streams) == 1 else Streams(streams, seed)


class Streams:
    """The batches of several streams, in a new random order each epoch.

    No batch holds rows of two streams, so each batch is read from the files of one view, and labels
    and signals are those of that view's rows.
    """

    def __init__(self, streams: Sequence[Stream], seed: int) -> None:
        self.streams = streams
        self.random = np.random.default_rng((seed, len(streams)))
        self.hears = self._hear if streams[0].hears else None

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
            if stream.hears:
                stream.hears(rows, losses, right)

    def __len__(self) -> int:
        return sum(map(len, self.streams))

    def __iter__(self) -> Iterator[Batch]:
        batches = [iter(stream) for stream in self.streams]
        for i in self.random.permutation(
            np.repeat(np.arange(len(batches)), [len(s) for s in self.streams])
        ):
            yield next(batches[i])
