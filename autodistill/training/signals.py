"""Rows on disk: network inputs and teacher signals as memory-mapped arrays."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._tables import Reading, open_table
from autodistill.runtime import arrays


@dataclass(frozen=True)
class SignalRequest:
    """Layers of the teacher that are read, by kind of signal."""

    pooled: tuple[int, ...] = ()
    """Mean states; layer 0 is the embedding."""
    tokens: tuple[int, ...] = ()
    """States of each token, numbered in the same way."""
    projections: tuple[int, ...] = ()
    """Queries, keys and values of each token; 0 is the first layer."""

    def __or__(self, other: "SignalRequest") -> "SignalRequest":
        return SignalRequest(
            *(tuple(sorted({*getattr(self, k), *getattr(other, k)})) for k in ("pooled", *BY_TOKEN))
        )


EACH = "each.npy"
BY_TOKEN = ("tokens", "projections")
"""Signals stored for each token: much larger than mean states."""


@dataclass(frozen=True)
class TokenSignals:
    """Teacher signals of each token, rows end to end."""

    layers: dict[int, NDArray[np.float16]]
    """(tokens of all rows, values)."""
    offsets: NDArray[np.int64]

    def lengths(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of tokens of these rows."""
        found: NDArray[np.int64] = self.offsets[rows + 1] - self.offsets[rows]
        return found

    def batch(self, layer: int, rows: NDArray[np.int64], longest: int) -> NDArray[np.float32]:
        """(rows, longest, values), zero after a row's last token."""
        column = np.arange(longest)
        there = column < self.lengths(rows)[:, None]
        place = np.where(there, self.offsets[rows][:, None] + column, 0)
        found: NDArray[np.float32] = self.layers[layer][place].astype(np.float32) * there[..., None]
        return found

    @classmethod
    def open(cls, folder: Path) -> "TokenSignals":
        """The signals in a folder, memory-mapped."""
        layers = {
            int(p.stem.removeprefix("layer_")): np.load(p, mmap_mode="r")
            for p in folder.glob("layer_*.npy")
        }
        return cls(layers, np.load(folder / "offsets.npy", mmap_mode="r"))


def token_folder(signals: Path, kind: str) -> Path:
    """The folder of token signals beside that of row signals."""
    return signals.with_name(f"{signals.name}-{kind}")


@dataclass(frozen=True)
class Signals:
    """Outputs of the teacher by row, the same for a recorded teacher and a live one."""

    logits: NDArray[np.float32]
    """(rows, classes), in the task's label order."""
    pooled: dict[int, NDArray[np.float16]]
    """Mean state over a row's tokens by layer, 0 is the embedding: (rows, width)."""
    by_token: dict[str, TokenSignals] = field(default_factory=dict)
    """Recorded token signals: `tokens`, `projections`, both or none."""
    each: NDArray[np.float32] | None = None
    """Log probabilities of several networks that are blended in a training.

    (networks, rows, classes); None where one network speaks, or all with one voice.
    """

    def save(self, folder: Path) -> None:
        """Write one array per layer into a folder that exists."""
        arrays.save(folder / "logits.npy", self.logits)
        if self.each is not None:
            arrays.save(folder / EACH, self.each)
        for layer, states in self.pooled.items():
            arrays.save(folder / f"layer_{layer}.npy", states)

    @classmethod
    def open(cls, folder: Path) -> "Signals":
        """The signals in a folder, memory-mapped."""
        layers = sorted(int(p.stem.removeprefix("layer_")) for p in folder.glob("layer_*.npy"))
        pooled = {n: np.load(folder / f"layer_{n}.npy", mmap_mode="r") for n in layers}
        by_token = {
            kind: TokenSignals.open(place)
            for kind in BY_TOKEN
            if (place := token_folder(folder, kind)).exists()
        }
        each = np.load(folder / EACH, mmap_mode="r") if (folder / EACH).exists() else None
        return cls(np.load(folder / "logits.npy", mmap_mode="r"), pooled, by_token, each)


@dataclass(frozen=True)
class Shard:
    """One split as files: inputs, labels and, with a teacher, its signals."""

    tokens: Path
    labels: Path
    signals: Path | None = None
    personal: Path | None = None
    """Share of personal words of each row."""

    def open(self) -> "OpenShard":
        """Map the files; nothing is copied."""
        signals = Signals.open(self.signals) if self.signals else None
        personal = np.load(self.personal) if self.personal else None
        return OpenShard(open_table(self.tokens), np.load(self.labels), signals, personal=personal)

    @cached_property
    def median_length(self) -> int:
        """Median number of tokens of its rows."""
        return int(np.median(open_table(self.tokens).lengths))


@dataclass(frozen=True)
class OpenShard:
    """A split ready for batches."""

    table: Reading
    labels: NDArray[np.int64]
    signals: Signals | None
    teacher_rows: NDArray[np.int64] | None = None
    """The row whose signals each row gets; None for its own."""
    personal: NDArray[np.float32] | None = None
