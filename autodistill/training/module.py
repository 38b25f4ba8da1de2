"""The Lightning module: a student, the terms of a pipeline, and their weighted sum."""

from collections.abc import Sequence
from typing import Any

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.companions import Companion
from autodistill.components.losses import auto_scale
from autodistill.components.optimizers import OptimizerRecipe
from autodistill.components.schedules import Factors, StepStats
from autodistill.registry import families
from autodistill.study.pipeline import Term
from autodistill.training.alignment import aligned_backward
from autodistill.training.batches import Batch, Hears
from autodistill.training.feature_terms import Matched, Shapes
from autodistill.training.forward import ForwardOutput, forward, show
from autodistill.training.guidance import UNGUIDED, Guidance
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.meta_weights import HeldOut, gains
from autodistill.training.sampled_stream import reference_logits
from autodistill.training.signals import OpenShard, SignalRequest


class Distill(lightning.LightningModule):
    """Total = hard + logit + scaled feature terms; the scale of a feature term is fixed at step 0."""

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
        self.terms = tuple(terms)
        self.parts = nn.ModuleList(
            Matched(t, shapes) if t.mapping else families.build("losses", t.loss.name, t.loss.knobs)
            for t in terms
        )
        classes = student.config.num_labels
        losses: list[Any] = list(self.parts)
        own = {
            str(i): nn.Linear(shapes.student_width, p.outputs(classes))
            for i, p in enumerate(losses)
            if p.head
        }
        self.heads = nn.ModuleDict(own)
        """Of the terms that have one, by place."""
        self.expanding = [p for p in losses if p.kind == "logit" and "pooled" in p.needs]
        self.last = shapes.teacher_layers
        self.matched = [p for p in losses if isinstance(p, Matched)]
        self.wanted = SignalRequest((self.last,) if self.expanding else ())
        """What the terms look at of the teacher."""
        for part in self.matched:
            self.wanted |= part.wanted
        signals = {p.signal for p in self.matched}
        self.looks = {
            "states": bool(self.heads or "pooled" in signals),
            "tokens": any(p.reads_tokens for p in self.matched),
        }
        """What is looked at of the student."""
        self.attention = {
            i for p in self.matched if p.signal == "projections" for i in p.student_layers
        }
        self.live = live
        """Asked about tokens that are not recorded."""
        self.companion: Companion | None = None
        self.recipe = optimizer
        self.steps = steps
        self.guidance = guidance
        self.cooling = [(p, p.temperature) for p in losses if p.cools]
        """Losses whose temperature a schedule may change, and their own one."""
        self.scales: dict[int, float] = {}
        self.aside: Tensor | None = None
        """The part of the last step's loss whose gradient is aligned."""
        self.held_out: HeldOut | None = None
        """Rows that the weighting learns from."""
        self.hears: Hears | None = None
        """Who wants to know how the student did on the rows of each batch."""
        self.reference: Tensor | None = None
        """Logits of a small model by place in the split, for a weighting that compares the student with it."""

    @property
    def recorded(self) -> SignalRequest:
        """What of it is read from disk: all, unless the teacher answers itself."""
        return self.wanted if self.live is None else SignalRequest(self.wanted.pooled)

    def accompany(self, companion: Companion | None) -> None:
        """With networks beside the student, made now."""
        self.companion = companion
        if companion is not None:
            companion.begin(self.student)

    def on_train_batch_end(self, *_: Any) -> None:
        """The student has moved."""
        if self.companion is not None:
            self.companion.after_step(self.student)

    def learn(self, shard: OpenShard, rows: NDArray[np.int64]) -> None:
        """What terms have to know before the first step of the teacher's answers to these rows."""
        if shard.signals is None:
            return
        asked = rows if shard.teacher_rows is None else shard.teacher_rows[rows]
        logits = np.array(shard.signals.logits[asked])
        labels, pooled = torch.from_numpy(shard.labels[rows]), shard.signals.pooled

        def states(layer: int) -> Tensor:
            return torch.from_numpy(
                pooled[max(pooled) if layer < 0 else layer][asked].astype(np.float32)
            )

        for part in self.expanding:
            part.learn(states(self.last), torch.from_numpy(logits), labels)
        for matched in (p for p in self.matched if p.learns):
            matched.learn(states, labels, rows)
        for hard in (p for p in self.parts if p.kind == "hard"):
            hard.learn(torch.from_numpy(logits), labels)  # type: ignore[operator]
        self.guidance.begin(torch.from_numpy(logits), labels, states if pooled else None)
        if self.guidance.compares:
            self.reference = torch.zeros(len(shard.labels), logits.shape[1])
            self.reference[rows] = torch.from_numpy(
                reference_logits(shard.signals.pooled[0][asked], logits)
            )

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """The weighted sum for one batch."""
        factors = self.guidance.factors(self.global_step / max(1, self.steps))
        batch = self.guidance.revised(batch, factors)
        if self.held_out is not None and self.global_step % self.guidance.weighting.every == 0:  # type: ignore[union-attr]
            self._look_ahead(self.held_out, batch)
        if self.live is not None:
            batch = self.live.read(batch, self.wanted)
        shown = show(self.student, batch, **self.looks, projections=self.attention)
        if batch.mix is not None:
            shown = shown.blended(batch.mix)
        logits = shown.logits
        self._cool(factors.temperature)
        weights = self.guidance.weights(
            logits, batch, None if self.reference is None else self.reference[batch.rows]
        )
        values = [self._value(i, shown, batch, weights) for i in range(len(self.parts))]
        if self.global_step == 0 and not self.scales:
            self._fix_scales(values, logits, batch)
        if self.hears is not None and batch.rows is not None:
            losses = nn.functional.cross_entropy(logits.detach(), batch.labels, reduction="none")
            self.hears(
                batch.rows, losses.double().numpy(), (logits.argmax(1) == batch.labels).numpy()
            )
        if self.guidance.listens:
            self.guidance.hear(self._heard(values, logits, batch))
        weighed = [
            weight * value * batch.weight for weight, value in zip(self._weights(factors), values)
        ]
        if self.companion is not None:
            weighed.append(
                self.companion.loss(
                    logits, batch.labels, lambda other: forward(other, batch, states=False)[0]
                )
                * batch.weight
            )
        self.aside = next((v for v, p in zip(weighed, self.parts) if p.align), None)
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
        """Batches are made where they are used; Lightning's own way refuses frozen data."""
        return batch

    def configure_optimizers(self) -> Any:
        """Optimiser and schedule of the pipeline, stepped every batch."""
        rates = {p: rate for part in self.matched for p, rate in part.rates()}
        optimizer, schedule = self.recipe.build(self.named_parameters(), self.steps, rates)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None
    ) -> None:
        """By norm, here: Lightning refuses it beside a fused optimiser, for the sake of float16 scaling that we do not use."""
        nn.utils.clip_grad_norm_(
            [p for g in optimizer.param_groups for p in g["params"]], gradient_clip_val
        )

    def _value(
        self, place: int, shown: ForwardOutput, batch: Batch, weights: Tensor | None
    ) -> Tensor:
        part: Any = self.parts[place]
        if batch.heard is not None and part.kind != "hard":
            if batch.heard.sum() < part.fewest_rows:
                return shown.logits.sum() * 0.0
            shown, batch = shown.only(batch.heard), batch.only(batch.heard)
        logits = shown.logits
        match part.kind:
            case "feature":
                value = part(shown, batch)
            case "hard" if weights is not None and self.guidance.trades:
                rows = nn.functional.cross_entropy(logits, batch.labels, reduction="none")
                value = (
                    (1 - self.guidance.share * weights) / (1 - self.guidance.share) * rows
                ).mean()
            case "hard":
                value = part(
                    logits, batch.labels, *([self._own(place, shown.pooled)] if part.head else [])
                )
            case _:
                compared = self._compared(place, logits, shown.pooled, batch)
                value = part(*compared, batch.labels, *([] if weights is None else [weights]))
        return value  # type: ignore[no-any-return]

    def _own(self, place: int, pooled: list[Tensor]) -> Tensor:
        """Outputs of a term's own head."""
        state = pooled[-1 if self.parts[place].head == "last" else len(pooled) // 2]
        return self.heads[str(place)](state).float()  # type: ignore[no-any-return]

    def _compared(
        self, place: int, logits: Tensor, pooled: list[Tensor], batch: Batch
    ) -> tuple[Tensor, Tensor]:
        """What a logit term compares: of the student and of the teacher."""
        part: Any = self.parts[place]
        assert batch.teacher_logits is not None
        teacher = batch.teacher_logits
        if part in self.expanding:
            teacher = part.expanded(teacher, batch.teacher_pooled[self.last])
        return self._own(place, pooled) if part.head else logits, teacher

    def _look_ahead(self, held_out: HeldOut, batch: Batch) -> None:
        """Let the weighting learn what each row's teacher is worth to the rows held out; before a pass, for it moves the parameters."""
        place, part = next((i, p) for i, p in enumerate(self.parts) if p.kind == "logit")

        def excess(some: Batch) -> Tensor:
            own, pooled = forward(self.student, some, states=bool(self.heads))
            soft: Tensor = part.rows(*self._compared(place, own, pooled, some), some.labels)  # type: ignore[operator]
            return soft - nn.functional.cross_entropy(own, some.labels, reduction="none")

        found = gains(self.student, excess, batch, held_out.batch())
        assert batch.teacher_logits is not None
        assert self.guidance.weighting is not None
        with torch.no_grad():
            logits = forward(self.student, batch, states=False)[0]
        self.guidance.weighting.learn(logits, batch.teacher_logits, batch.labels, found)

    def _weights(self, factors: Factors) -> list[float]:
        """Of the terms; what the logit terms lose the hard term gains."""
        lost = self.guidance.share * (1.0 - factors.logit)
        found = []
        for i, (term, part) in enumerate(zip(self.terms, self.parts)):
            match part.kind:
                case "hard":
                    found.append((term.weight + lost) * factors.hard)
                case "logit":
                    found.append(term.weight * factors.logit)
                case _:
                    found.append(term.weight * self.scales.get(i, 1.0) * factors.feature)
        return found

    def _heard(self, values: list[Tensor], logits: Tensor, batch: Batch) -> StepStats:
        assert batch.teacher_logits is not None
        by_kind = {str(p.kind): v.item() for p, v in zip(self.parts, values)}
        return StepStats(
            by_kind.get("hard", 0.0),
            by_kind["logit"],
            self.guidance.share,
            logits.detach(),
            batch.teacher_logits,
        )

    def _cool(self, share: float) -> None:
        """Bring the temperatures of losses that cool so far from 1 towards their own."""
        for loss, own in self.cooling:
            loss.temperature = 1.0 + (own - 1.0) * share

    def _fix_scales(self, values: list[Tensor], logits: Tensor, batch: Batch) -> None:
        hard = nn.functional.cross_entropy(logits.detach().float(), batch.labels).item()
        for i, (part, value) in enumerate(zip(self.parts, values)):
            if isinstance(part, Matched) and part.rescale:
                self.scales[i] = auto_scale(hard, value.item())
