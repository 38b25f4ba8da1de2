"""A feature loss over the layer pairs of a mapping."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.components.mappings import LayerMapping, Pairs
from autodistill.registry import families
from autodistill.study.pipeline import Part, Term
from autodistill.training.batches import Batch
from autodistill.training.forward import ForwardOutput
from autodistill.training.signals import SignalRequest

AS_NEEDED = (Part("identity"), Part("linear"))
"""Default connectors: for equal widths, and for different ones."""


@dataclass(frozen=True)
class Shapes:
    """Layers, widths and heads of both networks; width 0 where no states are known."""

    student_layers: int
    student_width: int
    teacher_layers: int
    teacher_width: int
    student_heads: int = 1
    teacher_heads: int = 1
    classes: int = 2
    spectrum: tuple[float, ...] = ()
    """Spectral entropy of the teacher's states by layer, for mappings that use it."""
    student_stages: tuple[int, ...] = ()
    """Widths of embedding and layers, where they differ."""
    teacher_stages: tuple[int, ...] = ()

    def widths(self, pair: tuple[int, int]) -> tuple[int, int]:
        """Widths of the student's layer and of the teacher's."""
        own, theirs = self.student_stages, self.teacher_stages
        return own[pair[0]] if own else self.student_width, theirs[
            pair[1]
        ] if theirs else self.teacher_width


class Matched(nn.Module):
    """One loss over its matched layer pairs.

    Each pair has a loss instance of its own, and a connector where the loss compares widths.
    """

    kind, head, align, cools = "feature", "", False, False

    def __init__(self, term: Term, shapes: Shapes) -> None:
        super().__init__()
        assert term.mapping is not None
        self.mapping: LayerMapping = families.build(
            "mappings", term.mapping.name, term.mapping.knobs
        )
        self.mapping.choose_by(shapes.spectrum)
        self.losses = nn.ModuleList()
        self.connectors = nn.ModuleList()
        first = _loss(term)
        self.pairs = self._layers(first, shapes)
        both = shapes.student_layers, shapes.teacher_layers
        self.below = {
            pair: tuple(self._lower(pair, both, dense=first.dense))
            for pair in self.pairs
            if first.spans
        }
        """The pairs below each pair, lowest first, where the loss compares layers' changes."""
        for pair in self.pairs:
            loss, (own, theirs) = _loss(term), shapes.widths(pair)
            part, width = AS_NEEDED[False], own
            if not loss.width_free and theirs:
                part = AS_NEEDED[own != theirs]
                if term.connector and term.connector.name != "identity":
                    part = term.connector
                width = theirs
            connector = families.build("connectors", part.name, part.knobs)
            connector.connect(own, width)
            loss.classes, loss.heads = shapes.classes, (shapes.student_heads, shapes.teacher_heads)
            loss.connect(width, theirs)
            self.losses.append(loss)
            self.connectors.append(connector)
        self.rescale, self.signal, self.beside, self.matches = (
            first.rescale,
            first.signal,
            first.beside,
            first.matches,
        )
        self.flat = self.signal == "tokens" and "mask" not in self.beside
        """Whether every valid token is a row of its own."""
        self.reads_tokens = self.signal == "tokens" or any(c.gathers for c in self.connectors)
        self.fewest_rows = max(2, first.fewest_rows)
        self.learns = type(first).learn is not FeatureLoss.learn

    @property
    def wanted(self) -> SignalRequest:
        """Teacher signals that the loss reads."""
        below = chain.from_iterable(self.below.values())
        layers = {j for _, j in (*self.pairs, *below)} if self.matches else set()
        return SignalRequest(**{self.signal: tuple(sorted(layers))})

    @property
    def student_layers(self) -> tuple[int, ...]:
        """Student layers that the loss reads."""
        return tuple(sorted({i for i, _ in self.pairs}))

    def rates(self) -> Iterable[tuple[nn.Parameter, float]]:
        """Learned parameters, each with its learning rate as a multiple of the student's."""
        return [
            (p, float(getattr(loss, "rate", 1.0)))
            for loss in self.losses
            for p in loss.parameters()
        ]

    def learn(
        self, states: Callable[[int], Tensor], labels: Tensor, rows: NDArray[np.int64]
    ) -> None:
        """Prepare the losses before the first step.

        They get the teacher's mean states on all training rows, one layer at a time.
        """
        for (_, j), loss in zip(self.pairs, self.losses):
            loss.learn(states(j), labels, torch.from_numpy(rows))  # type: ignore[operator]

    def forward(self, shown: ForwardOutput, batch: Batch) -> Tensor:
        """The pairs' losses, combined by the mapping's weights."""
        valid = batch.valid
        known = {"labels": batch.labels, "logits": batch.teacher_logits, "mask": valid}
        if batch.rows is not None:
            known["rows"] = torch.from_numpy(batch.rows).to(valid.device)
        beside = {name: known[name] for name in self.beside}
        values = []
        for pair, loss, connector in zip(self.pairs, self.losses, self.connectors):
            own, theirs = self._sides(pair, connector, shown, batch, valid)
            if pair in self.below:
                lower = [self._sides(p, connector, shown, batch, valid) for p in self.below[pair]]
                own, theirs = (torch.stack(sides) for sides in zip(*lower, (own, theirs)))
            values.append(loss(own, theirs, **beside))
        stacked = torch.stack(values)
        weights = self.mapping.weights(self.pairs, stacked.detach().cpu().double().numpy())
        return (stacked * torch.from_numpy(weights).to(stacked)).sum()

    def _sides(
        self,
        pair: tuple[int, int],
        connector: Any,
        shown: ForwardOutput,
        batch: Batch,
        valid: Tensor,
    ) -> tuple[Tensor, Tensor]:
        student: Any = getattr(shown, self.signal)
        teacher: Mapping[int, Tensor] = getattr(batch, f"teacher_{self.signal}")
        own = student[pair[0]].float()
        theirs = teacher[pair[1]] if self.matches else own.detach()
        if connector.gathers:
            own = connector.gather(
                shown.tokens[pair[0]].float(), valid, each=self.signal == "tokens"
            )
        if self.flat:
            own, theirs = own[valid.bool()], theirs[valid.bool()]
        return own if connector.gathers else connector(own), theirs

    def _lower(
        self, pair: tuple[int, int], both: tuple[int, int], *, dense: bool
    ) -> list[tuple[int, int]]:
        """The pair below this one; with `dense`, those below it too, down to an embedding."""
        found = self.mapping.below(*pair, *both)
        if dense and min(found) > 0:
            return [*self._lower(found, both, dense=True), found]
        return [found]

    def _layers(self, loss: FeatureLoss, shapes: Shapes) -> Pairs:
        known = shapes.student_layers, shapes.teacher_layers
        if not loss.matches:  # there may be no states of a teacher
            known = shapes.student_layers, max(known)
        if loss.attends:
            return self.mapping.attention_pairs(*known)
        pairs = self.mapping.pairs(*known)
        return tuple((i, j) for i, j in pairs if min(i, j) > 0) if loss.spans else pairs


def _loss(term: Term) -> FeatureLoss:
    made: FeatureLoss = families.build("losses", term.loss.name, term.loss.knobs)
    return made
