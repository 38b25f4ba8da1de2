"""A training whose memory did not suffice, once more with each batch in two halves.

The gradients of both halves are added up before a step, so that it has as many rows as before. A
loss that compares the rows of a batch compares those of a half.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from autodistill.runtime.device import Device
from autodistill.runtime.worker_process import is_out_of_memory
from autodistill.training.batches import Batch
from autodistill.training.rungs import Report

HALVES = 2
ROWS_SECOND = ("teacher_projections", "teacher_each")
"""Parts of a batch whose first dimension is not its rows, but the second is."""
Result = TypeVar("Result")


def with_less_memory(train: Callable[[int], Result], device: Device) -> Result:
    """`train(1)`; where memory runs out, `train(2)`: in how many parts each batch is taken.

    The second attempt begins anew.
    """
    try:
        return train(1)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
    gc.collect()
    if device.kind == "cuda":
        torch.cuda.empty_cache()
    return train(HALVES)


def once(report: Report) -> Report:
    """A report that tells each rung once, though a second attempt reaches it again."""
    replies: dict[int, bool] = {}

    def first(rung: int, score: float) -> bool:
        if rung not in replies:
            replies[rung] = report(rung, score)
        return replies[rung]

    return first


class MicroBatches:
    """The batches of a stream, each cut into `parts` of about equal size."""

    def __init__(self, stream: Any, parts: int) -> None:
        self.stream = stream
        self.parts = parts

    def __len__(self) -> int:
        return self.parts * len(self.stream)

    def __iter__(self) -> Iterator[Batch]:
        for batch in self.stream:
            count = len(batch.labels)
            for rows in np.array_split(np.arange(count), self.parts):
                share = self.parts * len(rows) / count  # an empty part weighs nothing
                yield replace(_cut(batch, rows if len(rows) else [0]), weight=batch.weight * share)


def _cut(batch: Batch, rows: Any) -> Batch:
    """The batch of these rows alone."""
    cut = {f.name: _rows_of(f.name, getattr(batch, f.name), rows) for f in fields(batch)}
    return replace(batch, **cut)


def _rows_of(name: str, value: Any, rows: Any) -> Any:
    if isinstance(value, dict):
        return {layer: _rows_of(name, each, rows) for layer, each in value.items()}
    if isinstance(value, Tensor):
        return value[:, rows] if name in ROWS_SECOND else value[rows]
    return value[rows] if isinstance(value, np.ndarray) else value
