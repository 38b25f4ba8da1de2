"""The terms of a pipeline as one module.

It holds their losses and heads, what they look at, and gives their values for a batch.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.losses import auto_scale
from autodistill.components.schedules import Factors
from autodistill.registry import families
from autodistill.study.pipeline import Term
from autodistill.training.batches import Batch
from autodistill.training.feature_terms import Matched, Shapes
from autodistill.training.forward import ForwardOutput, forward
from autodistill.training.guidance import Guidance
from autodistill.training.signals import SignalRequest


class Terms(nn.Module):
    """Losses by place in the pipeline; the scale of a feature term is fixed at step 0."""

    def __init__(self, terms: Sequence[Term], shapes: Shapes, classes: int) -> None:
        super().__init__()
        self.terms = tuple(terms)
        self.parts = nn.ModuleList(
            Matched(t, shapes) if t.mapping else families.build("losses", t.loss.name, t.loss.knobs)
            for t in terms
        )
        losses: list[Any] = list(self.parts)
        own = {
            str(i): nn.Linear(shapes.student_width, p.outputs(classes))
            for i, p in enumerate(losses)
            if p.head
        }
        self.heads = nn.ModuleDict(own)
        """Heads of the terms that have one, by place."""
        self.expanding = [p for p in losses if p.kind == "logit" and "pooled" in p.needs]
        self.last = shapes.teacher_layers
        self.matched = [p for p in losses if isinstance(p, Matched)]
        self.wanted = SignalRequest((self.last,) if self.expanding else ())
        """The teacher's signals that the terms need."""
        for part in self.matched:
            self.wanted |= part.wanted
        signals = {p.signal for p in self.matched}
        self.looks = {
            "states": bool(self.heads or "pooled" in signals),
            "tokens": any(p.reads_tokens for p in self.matched),
        }
        """The student's signals that the terms need."""
        self.attention = {
            i for p in self.matched if p.signal == "projections" for i in p.student_layers
        }
        self.cooling = [(p, p.temperature) for p in losses if p.cools]
        """Losses whose temperature a schedule may change, and their own one."""
        self.scales: dict[int, float] = {}

    def learn(
        self,
        states: Callable[[int], Tensor],
        logits: Tensor,
        labels: Tensor,
        rows: NDArray[np.int64],
    ) -> None:
        """Let the losses learn from the teacher's predictions for all training rows.

        To be called before the first step.
        """
        for part in self.expanding:
            part.learn(states(self.last), logits, labels)
        for matched in (p for p in self.matched if p.learns):
            matched.learn(states, labels, rows)
        for hard in (p for p in self.parts if p.kind == "hard"):
            hard.learn(logits, labels)  # type: ignore[operator]

    def rates(self) -> dict[nn.Parameter, float]:
        """Multiples of the learning rate, for parameters that have one of their own."""
        return {p: rate for part in self.matched for p, rate in part.rates()}

    def cool(self, share: float) -> None:
        """Bring the temperatures of losses that cool so far from 1 towards their own."""
        for loss, own in self.cooling:
            loss.temperature = 1.0 + (own - 1.0) * share

    def values(
        self, shown: ForwardOutput, batch: Batch, weights: Tensor | None, guidance: Guidance
    ) -> list[Tensor]:
        """One for each term; `weights` are those of the rows."""
        return [self._value(i, shown, batch, weights, guidance) for i in range(len(self.parts))]

    def weights(
        self, factors: Factors, share: float, *, unlabelled: bool = False
    ) -> Iterator[float]:
        """One weight for each term.

        The hard term gains what the logit terms, which have this share, lose. On unlabelled rows
        there is no hard term, and the logit terms have its weight.
        """
        lost = share * (1.0 - factors.logit)
        whole = 1.0 if not unlabelled or share == 0 else 1.0 / share
        for i, (term, part) in enumerate(zip(self.terms, self.parts)):
            match part.kind:
                case "hard":
                    yield 0.0 if unlabelled else (term.weight + lost) * factors.hard
                case "logit":
                    yield term.weight * whole * factors.logit
                case _:
                    yield term.weight * self.scales.get(i, 1.0) * factors.feature

    def by_kind(self, values: Sequence[Tensor]) -> dict[str, float]:
        """The last value of each kind."""
        return {str(p.kind): v.item() for p, v in zip(self.parts, values)}

    def fix_scales(self, values: Sequence[Tensor], logits: Tensor, batch: Batch) -> None:
        """Bring feature terms to the size of the hard loss, from now on."""
        hard = nn.functional.cross_entropy(logits.detach().float(), batch.labels).item()
        for i, (part, value) in enumerate(zip(self.parts, values)):
            if isinstance(part, Matched) and part.rescale:
                self.scales[i] = auto_scale(hard, value.item())

    def excess(self, student: Any, batch: Batch) -> Tensor:
        """How much larger the logit loss is than the hard loss, row by row."""
        place, part = next((i, p) for i, p in enumerate(self.parts) if p.kind == "logit")
        own, pooled = forward(student, batch, states=bool(self.heads))
        soft: Tensor = part.rows(*self._compared(place, own, pooled, batch), batch.labels)  # type: ignore[operator]
        return soft - nn.functional.cross_entropy(own, batch.labels, reduction="none")

    def _value(
        self,
        place: int,
        shown: ForwardOutput,
        batch: Batch,
        weights: Tensor | None,
        guidance: Guidance,
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
            case "hard" if weights is not None and guidance.trades:
                rows = nn.functional.cross_entropy(logits, batch.labels, reduction="none")
                value = ((1 - guidance.share * weights) / (1 - guidance.share) * rows).mean()
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
        """The values that a logit term compares: the student's and the teacher's."""
        part: Any = self.parts[place]
        assert batch.teacher_logits is not None
        teacher = batch.teacher_logits
        if part in self.expanding:
            teacher = part.expanded(teacher, batch.teacher_pooled[self.last])
        return self._own(place, pooled) if part.head else logits, teacher
