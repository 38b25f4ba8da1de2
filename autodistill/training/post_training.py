"""The steps that follow a student's training."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.posts import Post, head_of
from autodistill.study.pipeline import NONE
from autodistill.training.fit_plan import FitPlan
from autodistill.training.guidance import UNGUIDED
from autodistill.training.signals import OpenShard, Signals
from autodistill.training.streams import NO_POOL

FEWEST = 64
"""Rows that are kept for a scale."""


def kept_rows(
    post: Post | None, rows: NDArray[np.int64], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to train on, in their order, and those kept for afterwards.

    The latter are never more than a quarter.
    """
    if post is None or not post.held_out:
        return rows, rows[:0]
    count = min(max(FEWEST, round(post.held_out * len(rows))), len(rows) // 4)
    kept = np.sort(np.random.default_rng((seed, 4)).permutation(rows)[:count])
    return rows[~np.isin(rows, kept)], kept


def scale(network: Any, post: Post, logits: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
    """Divide the head by the temperature of these rows."""
    temperature = post.temperature(torch.from_numpy(logits), torch.from_numpy(labels))
    with torch.no_grad():
        for value in head_of(network).parameters():
            value.div_(temperature)


def again(
    network: Any, shard: OpenShard, plan: FitPlan, post: Post, logits: NDArray[np.float32]
) -> tuple[OpenShard, FitPlan]:
    """The rows with the student's own logits on `plan.rows` in place of a teacher's.

    Also a plan that trains its head alone.
    """
    own = np.zeros((len(shard.labels), logits.shape[1]), dtype=np.float32)
    own[plan.rows] = logits
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for parameter in head_of(network).parameters():
        parameter.requires_grad_(True)
    epochs = max(1, round(post.share * plan.epochs))
    plain = replace(
        plan,
        views=(),
        mixing=None,
        guidance=UNGUIDED,
        sampling=NONE,
        visits=0,
        pool=NO_POOL,
        live=None,
        companion=None,
        hooks=(),
        average=0.0,
    )
    return (
        replace(shard, signals=Signals(own, {}), teacher_rows=None),
        replace(plain, terms=post.terms, epochs=epochs, selection=plan.selection[:0], post=None),
    )
