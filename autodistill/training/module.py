"""The Lightning module: a student, the terms of a pipeline, and a step over their weighted sum."""

from collections.abc import Mapping, Sequence
from typing import Any

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.companions import Companion
from autodistill.components.optimizers import OptimizerRecipe
from autodistill.components.schedules import StepStats
from autodistill.study.pipeline import Term
from autodistill.training.alignment import aligned_backward
from autodistill.training.batches import Batch, Hears
from autodistill.training.feature_terms import Shapes
from autodistill.training.forward import forward, show
from autodistill.training.guidance import UNGUIDED, Guidance
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.meta_weights import HeldOut, gains
from autodistill.training.placing import place
from autodistill.training.sampled_stream import reference_logits
from autodistill.training.signals import OpenShard, SignalRequest
from autodistill.training.streams import NO_ROWS
from autodistill.training.terms import Terms


class Distill(lightning.LightningModule):
    """Total = hard + logit + scaled feature terms."""

    reference: Tensor | None
    """Logits of a small model by place in the split.

    For a weighting that compares the student with it.
    """

    def __init__(
        self,
        student: Any,
        terms: Sequence[Term],
        shapes: Shapes,
        optimizer: OptimizerRecipe,
        steps: int,
        guidance: Guidance = UNGUIDED,
        live: LiveTeacher | None = None,
    ) -> None:
        super().__init__()
        self.student = student
        self.terms = Terms(terms, shapes, student.config.num_labels)
        self.live = live
        """Asked about tokens that are not recorded."""
        self.companion: Companion | None = None
        self.recipe = optimizer
        self.steps = steps
        self.batches_of_step = 1
        """Batches whose gradients are added up."""
        self.guidance = guidance
        self.aside: Tensor | None = None
        """The part of the last step's loss whose gradient is aligned."""
        self.held_out: HeldOut | None = None
        """Rows that the weighting learns from."""
        self.hears: Hears | None = None
        """Who wants to know how the student did on the rows of each batch."""
        self.rates: Mapping[nn.Parameter, float] = {}
        """Multiples of the learning rate for weights of the student."""
        self.register_buffer("reference", None, persistent=False)

    @property
    def recorded(self) -> SignalRequest:
        """The signals that are read from disk: all, unless the teacher answers itself."""
        wanted = self.terms.wanted
        return wanted if self.live is None else SignalRequest(wanted.pooled)

    def accompany(self, companion: Companion | None) -> None:
        """With networks beside the student, made now."""
        self.companion = companion
        if companion is not None:
            companion.begin(self.student)

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """The student has moved, unless more batches belong to the step."""
        if self.companion is not None and not ((batch_idx + 1) % self.batches_of_step):
            self.companion.after_step(self.student)

    def learn(
        self, shard: OpenShard, rows: NDArray[np.int64], pool: NDArray[np.int64] = NO_ROWS
    ) -> None:
        """Let the terms learn from the teacher's predictions for these labelled rows.

        `pool`: unlabelled rows of the training. To be called before the first step.
        """
        if shard.signals is None:
            return
        asked = rows if shard.teacher_rows is None else shard.teacher_rows[rows]
        logits = np.array(shard.signals.logits[asked])
        labels, pooled = torch.from_numpy(shard.labels[rows]), shard.signals.pooled

        def states(layer: int) -> Tensor:
            return torch.from_numpy(
                pooled[max(pooled) if layer < 0 else layer][asked].astype(np.float32)
            )

        answers = torch.from_numpy(logits)
        self.terms.learn(states, answers, labels, rows)
        self.guidance.begin(answers, labels, states if pooled else None)
        if self.guidance.compares:
            both = np.concatenate([rows, pool])
            asked = both if shard.teacher_rows is None else shard.teacher_rows[both]
            self.reference = torch.zeros(len(shard.labels), logits.shape[1])
            self.reference[both] = torch.from_numpy(
                reference_logits(
                    shard.signals.pooled[0][asked], np.array(shard.signals.logits[asked])
                )
            )

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """The weighted sum for one batch."""
        terms, factors = self.terms, self.guidance.factors(self.global_step / max(1, self.steps))
        batch = self.guidance.revised(batch, factors)
        if self.held_out is not None and self.global_step % self.guidance.weighting.every == 0:  # type: ignore[union-attr]
            self._look_ahead(self.held_out, batch)
        if self.live is not None:
            batch = self.live.read(batch, terms.wanted)
        shown = show(self.student, batch, **terms.looks, projections=terms.attention)
        if batch.mix is not None:
            shown = shown.blended(batch.mix)
        logits = shown.logits
        terms.cool(factors.temperature)
        weights = self.guidance.weights(
            logits, batch, None if self.reference is None else self.reference[batch.rows]
        )
        values = terms.values(shown, batch, weights, self.guidance)
        if self.global_step == 0 and not terms.scales:
            terms.fix_scales(values, logits, batch)
        if self.hears is not None and batch.rows is not None:
            losses = nn.functional.cross_entropy(logits.detach(), batch.labels, reduction="none")
            self.hears(
                batch.rows,
                losses.cpu().double().numpy(),
                (logits.argmax(1) == batch.labels).cpu().numpy(),
            )
        self.guidance.hear_teachers(logits, batch)
        if self.guidance.listens and not batch.unlabelled:
            self.guidance.hear(self._heard(values, logits, batch))
        weighed = [
            weight * value * batch.weight
            for weight, value in zip(
                terms.weights(factors, self.guidance.share, unlabelled=batch.unlabelled), values
            )
        ]
        if self.companion is not None and not batch.unlabelled:
            weighed.append(
                self.companion.loss(
                    logits, batch.labels, lambda other: forward(other, batch, states=False)[0]
                )
                * batch.weight
            )
        self.aside = next((v for v, p in zip(weighed, terms.parts) if p.align), None)
        return torch.stack(weighed).sum()

    def backward(self, loss: Tensor, *args: Any, **kwargs: Any) -> None:
        """With a term whose gradient is aligned with the others', in two passes."""
        if self.aside is None:
            super().backward(loss, *args, **kwargs)
        else:
            aligned_backward(loss, self.aside, [p for p in self.parameters() if p.requires_grad])

    def transfer_batch_to_device(
        self, batch: Batch, device: torch.device, dataloader_idx: int
    ) -> Batch:
        """The one place where batches move; Lightning's own way refuses frozen data."""
        return batch.to(device)

    def on_fit_start(self) -> None:
        """Lightning has moved this module; what it does not know of follows."""
        if self.device.type != "cpu":
            for thing in (*self.guidance.parts, self.companion, self.live):
                if thing is not None:
                    place(thing, self.device)

    def configure_optimizers(self) -> Any:
        """Optimiser and schedule of the pipeline, stepped every batch."""
        rates = {**self.rates, **self.terms.rates()}
        optimizer, schedule = self.recipe.build(self.named_parameters(), self.steps, rates)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None
    ) -> None:
        """Clip by norm, here: Lightning refuses it beside a fused optimiser.

        Its reason is float16 scaling, which we do not use.
        """
        nn.utils.clip_grad_norm_(
            [p for g in optimizer.param_groups for p in g["params"]], gradient_clip_val
        )

    def _look_ahead(self, held_out: HeldOut, batch: Batch) -> None:
        """Let the weighting learn what each row's teacher is worth to the rows held out.

        To be called before a pass, for it moves the parameters.
        """

        def excess(some: Batch) -> Tensor:
            return self.terms.excess(self.student, some)

        found = gains(self.student, excess, batch, held_out.batch().to(self.device))
        assert batch.teacher_logits is not None
        assert self.guidance.weighting is not None
        with torch.no_grad():
            logits = forward(self.student, batch, states=False)[0]
        self.guidance.weighting.learn(logits, batch.teacher_logits, batch.labels, found)

    def _heard(self, values: list[Tensor], logits: Tensor, batch: Batch) -> StepStats:
        assert batch.teacher_logits is not None
        by_kind = self.terms.by_kind(values)
        return StepStats(
            by_kind.get("hard", 0.0),
            by_kind["logit"],
            self.guidance.share,
            logits.detach(),
            batch.teacher_logits,
        )
