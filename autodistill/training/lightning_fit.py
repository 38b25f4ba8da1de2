"""One fit by Lightning; see `fit.py`, which imports this when it is needed."""

import logging
import signal
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightning
import numpy as np
from lightning.pytorch.callbacks import Callback, WeightAveraging
from lightning.pytorch.utilities.exceptions import SIGTERMException
from numpy.typing import NDArray

from autodistill.components.posts import Post
from autodistill.registry import families
from autodistill.runtime.device import Device
from autodistill.training.attention import attention, training_attention
from autodistill.training.batches import Parts
from autodistill.training.checkpoints import Checkpoints
from autodistill.training.fit import FitResult
from autodistill.training.fit_plan import FitPlan
from autodistill.training.frozen_parts import given
from autodistill.training.hook_calls import CallHooks, FinishHooks
from autodistill.training.judge import Judge, LossHeard
from autodistill.training.malloc import kept_memory
from autodistill.training.meta_weights import HeldOut, split
from autodistill.training.micro_batches import MicroBatches
from autodistill.training.mixed_module import MixedDistill
from autodistill.training.module import Distill
from autodistill.training.post_training import again, kept_rows, scale
from autodistill.training.predictions import predict
from autodistill.training.rungs import Hear, Report, Tick, never
from autodistill.training.signals import OpenShard
from autodistill.training.streams import NO_ROWS, stream_of


def fit(
    network: Any,
    shard: OpenShard,
    plan: FitPlan,
    report: Report,
    tick: Tick | None = None,
    hear: Hear | None = None,
) -> FitResult:
    """See `fit.fit`."""
    rows, left, held = shares(plan)
    kept = None if plan.checkpoint is None else _checkpoints(plan.checkpoint, network, shard, plan)
    begun = None if kept is None else kept.begun()
    module, stream, hooks = begun or (*module_of(network, shard, plan, rows, held), plan.hooks)
    judge = Judge(
        shard, plan, module.steps, getattr(network.config, "_attn_implementation", ""), report, tick
    )
    hush()
    callbacks = [
        CallHooks(hooks, module.steps, begun=begun is not None),
        *([LossHeard(hear)] if hear else []),
        judge,
        *([_TailAverage(module.steps, plan.average, plan.device)] if plan.average else []),
        *([kept] if kept else []),
        FinishHooks(hooks),
    ]
    if kept:
        kept.parts = module, stream, hooks
    begin = time.perf_counter()
    visited = np.concatenate([plan.rows, plan.pool.rows])
    kind = training_attention(network, shard.table.lengths[visited], plan.device)
    with warnings.catch_warnings(), kept_memory(), attention(network, kind):
        warnings.simplefilter("ignore")
        batches = stream if plan.micro_batches == 1 else MicroBatches(stream, plan.micro_batches)
        _train(_trainer(plan, callbacks), module, batches, plan.checkpoint if begun else None)
    if plan.post is not None and not judge.stopped:
        _finish(network, shard, replace(plan, rows=rows), plan.post, left)
        if len(plan.selection):
            judge.rejudge(network)
    seconds = time.perf_counter() - begin + (kept.before if kept else 0.0)
    return FitResult(tuple(judge.curve), judge.stopped, seconds, judge.seconds, judge.logits)


def shares(plan: FitPlan) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows to train on, those kept for the post, and those that the weighting learns from."""
    rows, left = kept_rows(plan.post, plan.rows, plan.seed)
    held = NO_ROWS
    if plan.guidance.trades:
        rows, held = split(rows, plan.guidance.held_out, plan.seed)
    return rows, left, held


def module_of(
    network: Any,
    shard: OpenShard,
    plan: FitPlan,
    rows: NDArray[np.int64],
    held: NDArray[np.int64],
) -> tuple[Distill, Any]:
    """The module that is trained, with all that it learns before the first step, and its batches.

    `rows` and `held` are shares of the plan's rows.
    """
    optimizer = families.build("optimizers", plan.optimizer.name, plan.optimizer.knobs)
    stream = _stream(shard, rows, plan, optimizer.batch)
    asked = (
        network,
        plan.terms,
        plan.shapes,
        optimizer,
        len(stream) // plan.parts * plan.epochs,
        plan.guidance,
    )
    module = (
        Distill(*asked, plan.live) if plan.mixing is None else MixedDistill(*asked, plan.mixing)
    )
    module.rates = plan.rates
    module.batches_of_step = plan.batches_of_step
    stream.wanted = module.recorded
    module.learn(shard, rows, plan.pool.rows)
    module.held_out = HeldOut(shard, held, optimizer.batch, plan.seed) if len(held) else None
    module.hears = stream.hears
    module.accompany(plan.companion)
    return module, stream


def _stream(shard: OpenShard, rows: NDArray[np.int64], plan: FitPlan, batch: int) -> Any:
    """The batches of an epoch."""
    if plan.parts > 1:
        return Parts(shard, rows, size=batch, parts=plan.parts, seed=plan.seed)
    return stream_of(
        (shard, *plan.views),
        rows,
        size=batch,
        seed=plan.seed,
        sampling=plan.sampling,
        epochs=plan.epochs,
        visits=plan.visits,
        pool=plan.pool,
    )


def _trainer(plan: FitPlan, callbacks: Sequence[Callback]) -> lightning.Trainer:
    return lightning.Trainer(
        max_epochs=plan.epochs,
        min_epochs=0,
        accelerator=plan.device.kind,
        devices=[plan.device.index] if plan.device.kind == "cuda" else 1,
        precision="bf16-mixed" if plan.device.bfloat16 else "32-true",
        gradient_clip_val=1.0,
        accumulate_grad_batches=plan.batches_of_step,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        callbacks=list(callbacks),
    )


def _checkpoints(place: Path, network: Any, shard: OpenShard, plan: FitPlan) -> Checkpoints:
    """The state after each epoch, with the draws of images that move."""
    draws = [getattr(each.table, "draw", None) for each in (shard, *plan.views)]
    return Checkpoints(place, given(network, shard, plan), draws)


def _train(trainer: lightning.Trainer, module: Distill, stream: Any, begun: Path | None) -> None:
    """Train; Ctrl-C and SIGTERM do what they do elsewhere, where Lightning calls `sys.exit`."""
    try:
        trainer.fit(module, stream, ckpt_path=begun, weights_only=True)
    except SIGTERMException:
        signal.raise_signal(signal.SIGTERM)  # by the handler of before, which is back
        raise
    except SystemExit as end:
        if isinstance(end.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise


def _finish(
    network: Any, shard: OpenShard, plan: FitPlan, post: Post, kept: NDArray[np.int64]
) -> None:
    """The steps after the training."""
    if len(kept):
        scale(network, post, predict(network, shard, kept, device=plan.device), shard.labels[kept])
    if post.share:
        trained = [p.requires_grad for p in network.parameters()]
        fit(
            network,
            *again(
                network,
                shard,
                plan,
                post,
                predict(network, shard, plan.rows, device=plan.device),
            ),
            never,
        )
        for parameter, was in zip(network.parameters(), trained):
            parameter.requires_grad_(was)


class _TailAverage(WeightAveraging):
    """Stochastic weight averaging under a rate that falls to zero.

    Izmailov et al. 2018, arXiv:1803.05407.
    """

    def __init__(self, steps: int, share: float, device: Device) -> None:
        super().__init__(device=device.place)
        self.steps, self.begin = steps, (1 - share) * steps

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        """Every tenth step of the closing share, and the last."""
        return step_idx is not None and (
            step_idx >= self.steps - 1 or (step_idx >= self.begin and step_idx % 10 == 0)
        )


def hush() -> None:
    """Keep Lightning's remarks to itself."""
    for name in ("lightning.pytorch", "lightning.fabric", "lightning.pytorch.utilities.rank_zero"):
        if (
            logger := logging.getLogger(name)
        ).level != logging.ERROR:  # setting it empties the caches of all loggers
            logger.setLevel(logging.ERROR)
