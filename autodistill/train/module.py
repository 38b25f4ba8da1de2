"""The Lightning module: a student, the terms of a pipeline, and their weighted sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill import family
from autodistill.arrays import OpenShard
from autodistill.losses import Loss, auto_scale
from autodistill.optimizers import OptimizerRecipe
from autodistill.pipeline import Term
from autodistill.schedules import Factors, Heard
from autodistill.train.alignment import aligned_backward
from autodistill.train.data import Batch, Hears
from autodistill.train.drawn import reference_logits
from autodistill.train.guidance import UNGUIDED, Guidance


@dataclass(frozen=True)
class Shapes:
    """Layers and widths of both networks; width 0 where no states are known."""

    student_layers: int
    student_width: int
    teacher_layers: int
    teacher_width: int


class Matched(nn.Module):
    """One feature loss over its matched layer pairs: an instance, and a projection where widths differ, for each pair."""

    kind, head, needs, align = "feature", "", frozenset({"pooled"}), False

    def __init__(self, term: Term, shapes: Shapes) -> None:
        super().__init__()
        assert term.mapping is not None
        mapping = family.build("mappings", term.mapping.name, term.mapping.knobs)
        self.pairs: tuple[tuple[int, int], ...] = mapping.pairs(shapes.student_layers, shapes.teacher_layers)
        self.losses = nn.ModuleList()
        self.connectors = nn.ModuleList()
        for _ in self.pairs:
            loss: Loss = family.build("losses", term.loss.name, term.loss.knobs)
            project = not loss.width_free and shapes.student_width != shapes.teacher_width
            connector = family.build("connectors", "linear" if project else "identity", {})
            connector.connect(shapes.student_width, shapes.teacher_width if project else shapes.student_width)
            loss.connect(shapes.teacher_width if project else shapes.student_width, shapes.teacher_width)
            self.losses.append(loss)
            self.connectors.append(connector)
        self.rescale = loss.rescale

    def forward(self, student: Sequence[Tensor], teacher: dict[int, Tensor]) -> Tensor:
        """Mean over the pairs; `student` holds (batch, width) by layer."""
        values = [f(c(student[i]), teacher[j]) for (i, j), f, c in zip(self.pairs, self.losses, self.connectors)]
        return torch.stack(values).mean()


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
    ) -> None:
        super().__init__()
        self.student = student
        self.terms = tuple(terms)
        self.parts = nn.ModuleList(Matched(t, shapes) if t.mapping else family.build("losses", t.loss.name, t.loss.knobs) for t in terms)
        classes = student.config.num_labels
        losses: list[Any] = list(self.parts)
        own = {str(i): nn.Linear(shapes.student_width, p.outputs(classes)) for i, p in enumerate(losses) if p.head}
        self.heads = nn.ModuleDict(own)
        """Of the terms that have one, by place."""
        self.expanding = [p for p in losses if p.kind == "logit" and "pooled" in p.needs]
        self.last = shapes.teacher_layers
        matched = {j for p in self.parts if isinstance(p, Matched) for _, j in p.pairs}
        self.teacher_layers = tuple(sorted(matched | {self.last for _ in self.expanding}))
        """Teacher layers that the terms look at."""
        self.recipe = optimizer
        self.steps = steps
        self.guidance = guidance
        self.temperatures = [getattr(p, "temperature", None) for p in self.parts]
        self.scales: dict[int, float] = {}
        self.aside: Tensor | None = None
        """The part of the last step's loss whose gradient is aligned."""
        self.hears: Hears | None = None
        """Who wants to know how the student did on the rows of each batch."""
        self.reference: Tensor | None = None
        """Logits of a small model by place in the split, for a weighting that compares the student with it."""

    @property
    def recorded_layers(self) -> tuple[int, ...]:
        """Those of them that are read from disk: all, unless the teacher answers itself."""
        return self.teacher_layers

    def learn(self, shard: OpenShard, rows: NDArray[np.int64]) -> None:
        """What terms have to know before the first step of the teacher's answers to these rows."""
        if shard.signals is None or not (self.expanding or self.guidance.compares):
            return
        asked = rows if shard.teacher_rows is None else shard.teacher_rows[rows]
        logits = np.array(shard.signals.logits[asked])
        for part in self.expanding:
            states = shard.signals.pooled[self.last][asked].astype(np.float32)
            part.learn(torch.from_numpy(states), torch.from_numpy(logits), torch.from_numpy(shard.labels[rows]))
        if self.guidance.compares:
            self.reference = torch.zeros(len(shard.labels), logits.shape[1])
            self.reference[rows] = torch.from_numpy(reference_logits(shard.signals.pooled[0][asked], logits))

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """The weighted sum for one batch."""
        factors = self.guidance.factors(self.global_step / max(1, self.steps))
        batch = self.guidance.revised(batch, factors)
        logits, pooled = forward(self.student, batch, states=bool(self.teacher_layers or self.heads))
        self._cool(factors.temperature)
        weights = self.guidance.weights(logits, batch, None if self.reference is None else self.reference[batch.rows])
        values = [self._value(i, logits, pooled, batch, weights) for i in range(len(self.parts))]
        if self.global_step == 0 and not self.scales:
            self._fix_scales(values, logits, batch)
        if self.hears is not None and batch.rows is not None:
            losses = nn.functional.cross_entropy(logits.detach(), batch.labels, reduction="none")
            self.hears(batch.rows, losses.double().numpy(), (logits.argmax(1) == batch.labels).numpy())
        if self.guidance.listens:
            self.guidance.hear(self._heard(values, logits, batch))
        weighed = [weight * value * batch.weight for weight, value in zip(self._weights(factors), values)]
        self.aside = next((v for v, p in zip(weighed, self.parts) if p.align), None)
        return torch.stack(weighed).sum()

    def backward(self, loss: Tensor, *args: Any, **kwargs: Any) -> None:
        """With a term whose gradient is aligned with the others', in two passes."""
        if self.aside is None:
            super().backward(loss, *args, **kwargs)
        else:
            aligned_backward(loss, self.aside, [p for p in self.parameters() if p.requires_grad])

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """Batches are made where they are used; Lightning's own way refuses frozen data."""
        return batch

    def configure_optimizers(self) -> Any:
        """Optimiser and schedule of the pipeline, stepped every batch."""
        optimizer, schedule = self.recipe.build(self.named_parameters(), self.steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def configure_gradient_clipping(self, optimizer: Any, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None) -> None:
        """By norm, here: Lightning refuses it beside a fused optimiser, for the sake of float16 scaling that we do not use."""
        nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], gradient_clip_val)

    def _value(self, place: int, logits: Tensor, pooled: list[Tensor], batch: Batch, weights: Tensor | None) -> Tensor:
        part: Any = self.parts[place]
        own = () if not part.head else (self.heads[str(place)](pooled[-1 if part.head == "last" else len(pooled) // 2]).float(),)
        match part.kind:
            case "feature":
                value = part(pooled, batch.teacher_pooled)
            case "hard":
                value = part(logits, batch.labels, *own)
            case _:
                teacher = batch.teacher_logits
                if part in self.expanding:
                    teacher = part.expanded(teacher, batch.teacher_pooled[self.last])
                value = part(*(own or (logits,)), teacher, batch.labels, *(() if weights is None else (weights,)))
        return value  # type: ignore[no-any-return]

    def _weights(self, factors: Factors) -> list[float]:
        """Of the terms; what the logit terms lose the hard term gains."""
        lost = sum(t.weight for t, p in zip(self.terms, self.parts) if p.kind == "logit") * (1.0 - factors.logit)
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

    def _heard(self, values: list[Tensor], logits: Tensor, batch: Batch) -> Heard:
        assert batch.teacher_logits is not None
        by_kind = {str(p.kind): v.item() for p, v in zip(self.parts, values)}
        share = sum(t.weight for t, p in zip(self.terms, self.parts) if p.kind == "logit")
        return Heard(by_kind.get("hard", 0.0), by_kind["logit"], share, logits.detach(), batch.teacher_logits)

    def _cool(self, share: float) -> None:
        """Bring the temperatures of logit losses so far from 1 towards their own."""
        for part, own in zip(self.parts, self.temperatures):
            if own is not None:
                part.temperature = 1.0 + (own - 1.0) * share

    def _fix_scales(self, values: list[Tensor], logits: Tensor, batch: Batch) -> None:
        hard = nn.functional.cross_entropy(logits.detach().float(), batch.labels).item()
        for i, (part, value) in enumerate(zip(self.parts, values)):
            if isinstance(part, Matched) and part.rescale:
                self.scales[i] = auto_scale(hard, value.item())


def forward(student: Any, batch: Batch, *, states: bool) -> tuple[Tensor, list[Tensor]]:
    """Logits (batch, classes) and, if asked for, the mean state of each layer (batch, width), 0 the embedding."""
    tokens = {"input_ids": batch.ids} if batch.embeddings is None else {"inputs_embeds": batch.embeddings}
    inputs = {**tokens, "attention_mask": batch.mask, "output_hidden_states": states}
    if getattr(student.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = batch.types
    out = student(**inputs)
    return out.logits.float(), [pool(h, batch.mask) for h in out.hidden_states] if states else []


def pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean over valid tokens: (batch, tokens, width) to (batch, width), in float32."""
    weight = mask.unsqueeze(-1).float()
    return (hidden.float() * weight).sum(1) / weight.sum(1).clamp_min(1.0)
