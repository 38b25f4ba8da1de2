"""Batches of rows as tensors: rows of similar length from arrays on disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autodistill.components.mixups import Mix
from autodistill.training.placing import moved
from autodistill.training.signals import BY_TOKEN, OpenShard, SignalRequest

NOTHING = SignalRequest()
Hears = Callable[[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]], None]
"""(places in the split, the student's cross-entropy there, whether it was right)."""


@dataclass(frozen=True)
class Batch:
    """The rows of one training step."""

    ids: Tensor
    """Token ids (batch, tokens), or pixels (batch, channels, height, width)."""
    mask: Tensor
    types: Tensor
    labels: Tensor
    teacher_logits: Tensor | None
    teacher_pooled: dict[int, Tensor]
    weight: float = 1.0
    """Weight of its loss, where several batches make one step."""
    embeddings: Tensor | None = None
    """Used in place of `ids` where rows are mixed; labels are then class shares."""
    rows: NDArray[np.int64] | None = None
    """Places in the split."""
    personal: Tensor | None = None
    """Share of personal words of each row."""
    mix: Mix | None = None
    """Mix for the student's states and logits; labels and teacher are already mixed."""
    heard: Tensor | None = None
    """Mask of the rows on which the teacher is used; None for all."""
    teacher_tokens: dict[int, Tensor] = field(default_factory=dict)
    """Teacher's token states by layer: (batch, tokens, width)."""
    teacher_projections: dict[int, Tensor] = field(default_factory=dict)
    """Teacher's queries, keys and values by layer: (3, batch, tokens, width)."""
    teacher_each: Tensor | None = None
    """Logits of several teachers that are blended: (teachers, batch, classes)."""
    aligned: Tensor | None = None
    """Mask of rows with the same number of tokens for the teacher; None for all."""
    unlabelled: bool = False
    """All its rows are of the transfer set; their labels are the teacher's most likely classes."""

    @property
    def valid(self) -> Tensor:
        """Mask of the tokens that both networks have: (batch, tokens)."""
        return self.mask if self.aligned is None else self.mask * self.aligned.unsqueeze(1)

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device; itself where it is there."""
        if self.labels.device == device:
            return self
        return replace(self, **{f.name: moved(getattr(self, f.name), device) for f in fields(self)})

    def only(self, rows: Tensor) -> "Batch":
        """The batch cut to these rows: labels, teacher logits and pooled states."""
        assert self.teacher_logits is not None
        states = {n: found[rows] for n, found in self.teacher_pooled.items()}
        return replace(
            self,
            labels=self.labels[rows],
            teacher_logits=self.teacher_logits[rows],
            teacher_pooled=states,
        )


class Stream:
    """Batches of rows of similar length and token count, in a new order each epoch.

    Rows are shuffled, sorted by length within groups of 50 batches, cut where the tokens are shared
    out evenly, and the batches are shuffled again: little padding, equal steps, and still a random
    order. A batch of long rows has fewer of them, so under a mean over the batch a long row weighs
    more than a short one. Lightning needs no more than an in-memory iterable.
    """

    group = 50
    """Number of batches whose rows are sorted together."""

    def __init__(
        self,
        shard: OpenShard,
        rows: NDArray[np.int64],
        *,
        size: int,
        seed: int | tuple[int, ...],
        visits: int = 0,
    ) -> None:
        """`rows` are places in the split, `size` their mean number in a batch.

        `visits`: visits of rows in an epoch; 0 for as many as there are rows. A pass over the rows
        that an epoch does not finish is finished by the next ones.
        """
        self.shard = shard
        self.rows = rows
        self.size = size
        self.visits = visits or len(rows)
        self.unfinished = rows[:0]
        self.wanted = SignalRequest()
        """Teacher signals to load."""
        self.random = np.random.default_rng(seed)
        self.hears: Hears | None = None

    @property
    def is_labelled(self) -> bool:
        """Whether its rows have labels: those of a transfer set have none."""
        return bool(self.shard.labels[self.rows[0]] >= 0)

    def __len__(self) -> int:
        return sum(self._share(n) for n in self._groups())

    def __iter__(self) -> Iterator[Batch]:
        order, start, parts = self._order(), 0, []
        for count in self._groups():
            parts += self._parts(order[start : start + count])
            start += count
        for i in self.random.permutation(len(parts)):
            yield load_batch(self.shard, parts[i], self.wanted)

    def _order(self) -> NDArray[np.int64]:
        """The rows of an epoch in a random order."""
        order = self.unfinished
        while len(order) < self.visits:
            order = np.concatenate([order, self.random.permutation(self.rows)])
        order, self.unfinished = np.split(order, [self.visits])
        return order

    def _parts(self, group: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        group = group[np.argsort(self.shard.table.lengths[group], kind="stable")]
        return np.split(group, _even_cuts(self.shard.table.lengths[group], self._share(len(group))))

    def _groups(self) -> list[int]:
        whole, rest = divmod(self.visits, self.size * self.group)
        return [self.size * self.group] * whole + ([rest] if rest else [])

    def _share(self, count: int) -> int:
        return max(1, round(count / self.size))


def _even_cuts(lengths: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
    """Cut points of rows of these lengths into non-empty parts of about equal sums."""
    sums, nth = np.cumsum(lengths), np.arange(1, parts)
    cuts = np.searchsorted(sums, sums[-1] * nth / parts, side="left") + 1
    rising = np.maximum.accumulate(np.maximum(cuts, nth) - nth) + nth
    return np.minimum(rising, len(lengths) - parts + nth)


class Parts:
    """Steps over random rows, cut into `parts` batches with accumulated gradients.

    Unlike those of `Stream`, steps differ in nothing but chance: short rows and long ones are mixed
    as they are in the split. Batches are of similar length, so there is little padding, but they
    are smaller; not for losses that compare the rows of a batch.
    """

    def __init__(
        self, shard: OpenShard, rows: NDArray[np.int64], *, size: int, parts: int, seed: int
    ) -> None:
        self.shard = shard
        self.rows = rows
        self.size = size
        self.parts = parts
        self.wanted = SignalRequest()
        self.random = np.random.default_rng(seed)
        self.hears: Hears | None = None

    def __len__(self) -> int:
        return self.parts * max(1, len(self.rows) // self.size)

    def __iter__(self) -> Iterator[Batch]:
        order = self.random.permutation(self.rows)
        for rows in np.array_split(order, max(1, len(order) // self.size)):
            rows = rows[np.argsort(self.shard.table.lengths[rows], kind="stable")]
            for part in np.split(rows, _even_cuts(self.shard.table.lengths[rows], self.parts)):
                yield replace(
                    load_batch(self.shard, part, self.wanted),
                    weight=self.parts * len(part) / len(rows),
                )


def load_batch(shard: OpenShard, rows: NDArray[np.int64], wanted: SignalRequest = NOTHING) -> Batch:
    """The rows as tensors, with the teacher's logits and requested layer signals."""
    ids, mask, types = map(torch.from_numpy, shard.table.batch(rows))
    labels = torch.from_numpy(shard.labels[rows])
    if shard.signals is None:
        return Batch(ids, mask, types, labels, None, {}, rows=rows)
    asked = rows if shard.teacher_rows is None else shard.teacher_rows[rows]
    logits = torch.from_numpy(shard.signals.logits[asked])
    unlabelled = bool(len(labels)) and bool(labels[0] < 0)
    if unlabelled:
        labels = logits.argmax(1)
    states = {n: torch.from_numpy(shard.signals.pooled[n][asked]).float() for n in wanted.pooled}
    each = shard.signals.each
    personal = None if shard.personal is None else torch.from_numpy(shard.personal[rows])
    known = Batch(
        ids,
        mask,
        types,
        labels,
        logits,
        states,
        rows=rows,
        personal=personal,
        unlabelled=unlabelled,
        teacher_each=None if each is None else torch.from_numpy(each[:, asked]),
    )
    return (
        known
        if not (wanted.tokens or wanted.projections)
        else _with_tokens(known, shard, asked, wanted)
    )


def _with_tokens(
    batch: Batch, shard: OpenShard, asked: NDArray[np.int64], wanted: SignalRequest
) -> Batch:
    assert shard.signals is not None
    found: dict[str, dict[int, Tensor]] = {}
    for kind in (k for k in BY_TOKEN if getattr(wanted, k)):
        kept = shard.signals.by_token[kind]
        same = torch.from_numpy(kept.lengths(asked)) == batch.mask.sum(1)
        for layer in getattr(wanted, kind):
            shown = torch.from_numpy(kept.batch(layer, asked, batch.mask.shape[1]))
            parts = shown if kind == "tokens" else torch.stack(shown.chunk(3, dim=2))
            found.setdefault(f"teacher_{kind}", {})[layer] = parts
    return replace(
        batch,
        aligned=None if bool(same.all()) else same.long(),
        **found,  # type: ignore[arg-type]
    )
