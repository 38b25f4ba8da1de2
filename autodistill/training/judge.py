"""A student in training, scored at the rungs."""

import math
import time
from typing import Any

import numpy as np
import torch
from lightning.pytorch.callbacks import Callback

from autodistill.registry import families
from autodistill.training.attention import attention
from autodistill.training.fit_plan import FitPlan
from autodistill.training.predictions import predict
from autodistill.training.rungs import EARLY_ROWS, RUNGS, Hear, Report, Tick
from autodistill.training.signals import OpenShard

FADING = 0.98
"""Share of the mean that a step leaves to those before it."""


class Judge(Callback):
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

    def state_dict(self) -> dict[str, Any]:
        """The rungs that were reached, of a fit that may be interrupted."""
        curve = [(rung, float(score)) for rung, score in self.curve]
        return {"curve": curve, "logits": torch.from_numpy(self.logits), "spent": self.seconds}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on after the rungs that were reached before."""
        self.curve, self.logits = list(state["curve"]), state["logits"].numpy()
        self.seconds = state["spent"]
        reached = {rung for rung, _ in self.curve}
        self.due = {step: rung for step, rung in self.due.items() if rung not in reached}

    def on_train_start(self, trainer: Any, module: Any) -> None:
        """Report the rungs that were reached before an interruption."""
        for place, (rung, score) in enumerate(self.curve, 1):
            if self.report(rung, score):
                self.curve = self.curve[:place]
                self.stopped = trainer.should_stop = True
                return

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
            self.logits = predict(network, self.shard, rows, device=self.plan.device)
        metric = families.build("metrics", self.plan.metric, {})
        score: float = metric(metric.decide(self.logits), self.shard.labels[rows])
        self.seconds += time.perf_counter() - begin
        return score


class LossHeard(Callback):
    """Tells how large the loss is; old steps fade, or it would jump from batch to batch."""

    def __init__(self, hear: Hear) -> None:
        self.hear = hear
        self.sum = self.weight = 0.0

    def on_train_batch_end(self, trainer: Any, module: Any, outputs: Any, *_: Any) -> None:
        """After each batch."""
        self.sum = FADING * self.sum + float(outputs["loss"])
        self.weight = FADING * self.weight + 1
        self.hear(self.sum / self.weight)
