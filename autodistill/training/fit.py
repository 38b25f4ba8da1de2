"""One fit: a network, the terms of a pipeline, rows, epochs. Used by trials, full runs and teachers alike."""

import logging
import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import lightning
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback, WeightAveraging
from numpy.typing import NDArray
from scipy.special import log_softmax

from autodistill.analysis.comparison import row_weights, weighted_counts
from autodistill.components.companions import Companion
from autodistill.components.hooks import Hook
from autodistill.components.posts import Post
from autodistill.registry import families
from autodistill.study.pipeline import NONE, Part, Term
from autodistill.training import agreement
from autodistill.training.attention import attention, training_attention
from autodistill.training.batches import Parts, load_batch
from autodistill.training.feature_terms import Shapes
from autodistill.training.forward import forward
from autodistill.training.guidance import UNGUIDED, Guidance
from autodistill.training.hooks import CallHooks
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.malloc import kept_memory
from autodistill.training.meta_weights import HeldOut, split
from autodistill.training.mixing import MixedDistill, Mixing
from autodistill.training.module import Distill
from autodistill.training.post_training import again, kept_rows, scale
from autodistill.training.signals import OpenShard
from autodistill.training.streams import stream_of

EVALUATION_TOKENS = 16_384
RUNGS = (1, 2, 4)
"""Quarters of the training after which a run is judged."""
EARLY_ROWS = 500
"""Selection rows that early rungs look at; the last one looks at all."""
Report = Callable[[int, float], bool]
"""(rung, score) -> stop now."""
Tick = Callable[[int, int], None]
"""(steps done, steps in all)."""


@dataclass(frozen=True)
class FitPlan:
    """What to fit: everything but the network."""

    terms: tuple[Term, ...]
    optimizer: Part
    shapes: Shapes
    rows: NDArray[np.int64]
    selection: NDArray[np.int64]
    """Rows to judge by at the rungs; empty: none."""
    epochs: int
    seed: int
    metric: str
    bfloat16: bool
    parts: int = 1
    """Batches that make one step; see data.Parts. 1: one, of rows of similar length."""
    average: float = 0.0
    """End with the mean of the weights over this share of the steps, the last ones; 0: the last weights."""
    views: tuple[OpenShard, ...] = ()
    """Changed copies of all rows, trained on beside them."""
    mixing: Mixing | None = None
    guidance: Guidance = UNGUIDED
    sampling: Part = NONE
    companion: Companion | None = None
    post: Post | None = None
    hooks: tuple[Hook, ...] = ()
    """Stages that act while the student trains."""
    live: LiveTeacher | None = None
    """For what is not recorded of the teacher's tokens."""


@dataclass(frozen=True)
class FitResult:
    """What a fit showed."""

    curve: tuple[tuple[int, float], ...]
    stopped: bool
    train_seconds: float
    evaluation_seconds: float
    """Part of train_seconds that went into scoring."""
    logits: NDArray[np.float32]
    """On the selection rows of the last rung reached: (rows, classes); all of them after the last one."""


def fit(
    network: Any, shard: OpenShard, plan: FitPlan, report: Report, tick: Tick | None = None
) -> FitResult:
    """Train `network` in place; every random choice follows from `plan.seed` and torch's global generator."""
    optimizer = families.build("optimizers", plan.optimizer.name, plan.optimizer.knobs)
    rows, kept = kept_rows(plan.post, plan.rows, plan.seed)
    shards, held = (shard, *plan.views), np.zeros(0, dtype=np.int64)
    if plan.guidance.trades:
        rows, held = split(rows, plan.guidance.held_out, plan.seed)
    stream: Any = stream_of(
        shards,
        rows,
        size=optimizer.batch,
        seed=plan.seed,
        sampling=plan.sampling,
        epochs=plan.epochs,
    )
    if plan.parts > 1:
        stream = Parts(shard, rows, size=optimizer.batch, parts=plan.parts, seed=plan.seed)
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
    stream.wanted = module.recorded
    module.learn(shard, rows)
    module.held_out = HeldOut(shard, held, optimizer.batch, plan.seed) if len(held) else None
    module.hears = stream.hears
    module.accompany(plan.companion)
    judge = _Judge(
        shard, plan, module.steps, getattr(network.config, "_attn_implementation", ""), report, tick
    )
    hush()
    trainer = lightning.Trainer(
        max_epochs=plan.epochs,
        min_epochs=0,
        accelerator="cpu",
        devices=1,
        precision="bf16-mixed" if plan.bfloat16 else "32-true",
        gradient_clip_val=1.0,
        accumulate_grad_batches=plan.parts,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        callbacks=[
            CallHooks(plan.hooks, module.steps),
            judge,
            *([_TailAverage(module.steps, plan.average)] if plan.average else []),
        ],
    )
    begin = time.perf_counter()
    kind = training_attention(network, shard.table.lengths[plan.rows], bfloat16=plan.bfloat16)
    with warnings.catch_warnings(), kept_memory(), attention(network, kind):
        warnings.simplefilter("ignore")
        trainer.fit(module, stream)
    if plan.post is not None and not judge.stopped:
        _finish(network, shard, replace(plan, rows=rows), plan.post, kept)
        if len(plan.selection):
            judge.rejudge(network)
    return FitResult(
        tuple(judge.curve), judge.stopped, time.perf_counter() - begin, judge.seconds, judge.logits
    )


def _finish(
    network: Any, shard: OpenShard, plan: FitPlan, post: Post, kept: NDArray[np.int64]
) -> None:
    """What comes after the training."""
    if len(kept):
        scale(
            network, post, predict(network, shard, kept, bfloat16=plan.bfloat16), shard.labels[kept]
        )
    if post.share:
        trained = [p.requires_grad for p in network.parameters()]
        fit(
            network,
            *again(
                network,
                shard,
                plan,
                post,
                predict(network, shard, plan.rows, bfloat16=plan.bfloat16),
            ),
            never,
        )
        for parameter, was in zip(network.parameters(), trained):
            parameter.requires_grad_(was)


class _Judge(Callback):
    """Scores the selection rows at the rungs and asks whether to go on."""

    def __init__(
        self,
        shard: OpenShard,
        plan: FitPlan,
        steps: int,
        own_attention: str,
        report: Report,
        tick: Tick | None,
    ) -> None:
        self.shard = shard
        self.plan = plan
        self.due = (
            {math.ceil(steps * rung / RUNGS[-1]): rung for rung in RUNGS}
            if len(plan.selection)
            else {}
        )
        self.early = np.random.default_rng(0).permutation(plan.selection)[:EARLY_ROWS]
        self.own_attention = own_attention
        self.report = report
        self.tick = tick
        self.steps = steps
        self.curve: list[tuple[int, float]] = []
        self.stopped = False
        self.seconds = 0.0
        self.logits = np.zeros((0, 0), dtype=np.float32)

    def on_train_batch_end(self, trainer: Any, module: Any, *_: Any) -> None:
        """At a rung: score, report, stop when told to."""
        if self.tick is not None:
            self.tick(trainer.global_step, self.steps)
        if (rung := self.due.pop(trainer.global_step, None)) is None:
            return
        score = self._score(module.student, last=rung == RUNGS[-1])
        self.curve.append((rung, score))
        if self.report(rung, score) and rung != RUNGS[-1]:
            self.stopped = trainer.should_stop = True

    def rejudge(self, network: Any) -> None:
        """Once more, after what came after the training."""
        self.curve[-1] = (self.curve[-1][0], self._score(network, last=True))

    def _score(self, network: Any, *, last: bool) -> float:
        begin, rows = time.perf_counter(), self.plan.selection if last else self.early
        with attention(network, self.own_attention):
            self.logits = predict(network, self.shard, rows, bfloat16=self.plan.bfloat16)
        metric = families.build("metrics", self.plan.metric, {})
        score: float = metric(metric.decide(self.logits), self.shard.labels[rows])
        self.seconds += time.perf_counter() - begin
        return score


class _TailAverage(WeightAveraging):
    """Stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407) under a rate that falls to zero."""

    def __init__(self, steps: int, share: float) -> None:
        super().__init__()
        self.steps, self.begin = steps, (1 - share) * steps

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        """Every tenth step of the closing share, and the last."""
        return step_idx is not None and (
            step_idx >= self.steps - 1 or (step_idx >= self.begin and step_idx % 10 == 0)
        )


@torch.inference_mode()
def predict(
    network: Any, shard: OpenShard, rows: NDArray[np.int64], *, bfloat16: bool = False
) -> NDArray[np.float32]:
    """Logits (rows, classes) in the order of `rows`; leaves the network in the mode it was in."""
    was_training = network.training
    network.eval()
    place = {int(row): i for i, row in enumerate(rows)}
    found: NDArray[np.float32] | None = None
    size = max(1, EVALUATION_TOKENS // int(shard.table.lengths[rows].max()))
    for part in shard.table.in_length_order(rows, size):
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = forward(network, load_batch(shard, part), states=False)[0].float().numpy()
        found = np.zeros((len(rows), logits.shape[1]), dtype=np.float32) if found is None else found
        found[[place[int(r)] for r in part]] = logits
    network.train(was_training)
    assert found is not None
    return found


def diagnose(
    logits: NDArray[np.float32], shard: OpenShard, rows: NDArray[np.int64], metric: str
) -> dict[str, float]:
    """Cross-entropy, the score's standard error over the choice of rows, calibration, and how faithful it is to the teacher."""
    judge = families.build("metrics", metric, {})
    labels, predictions = shard.labels[rows], judge.decide(logits)
    own = log_softmax(logits.astype(np.float64), axis=1)
    found = {"cross_entropy": float(-own[np.arange(len(labels)), labels].mean())}
    weights = row_weights(len(labels), 200, np.random.default_rng(0))
    again = judge.of_counts(weighted_counts(predictions, labels, weights, logits.shape[1]))
    found["row_error"] = max(
        float(again.std(ddof=1)), 1 / len(labels)
    )  # a score of 1 is not known better than to one row
    found |= {
        "calibration_error": agreement.calibration_error(logits, labels),
        "brier": agreement.brier(logits, labels),
    }
    if shard.signals is not None:
        teacher = np.asarray(shard.signals.logits[rows])
        found |= {
            "agreement": agreement.agreement(logits, teacher),
            "teacher_kl": agreement.mean_kl(logits, teacher),
        }
        if (inherited := agreement.inherited_errors(logits, teacher, labels)) is not None:
            found["inherited_errors"] = inherited
    return found


def hush() -> None:
    """Keep Lightning's remarks to itself."""
    for name in ("lightning.pytorch", "lightning.fabric", "lightning.pytorch.utilities.rank_zero"):
        if (
            logger := logging.getLogger(name)
        ).level != logging.ERROR:  # setting it empties the caches of all loggers
            logger.setLevel(logging.ERROR)


def never(_: int, __: float) -> bool:
    """A report that never stops."""
    return False
