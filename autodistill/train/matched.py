"""A feature loss over the pairs of layers that a mapping matches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from autodistill import family
from autodistill.losses import FeatureLoss, Loss
from autodistill.mappings import LayerMapping
from autodistill.pipeline import Term


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
        self.mapping: LayerMapping = family.build("mappings", term.mapping.name, term.mapping.knobs)
        self.pairs = self.mapping.pairs(shapes.student_layers, shapes.teacher_layers)
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
        self.sees_labels = "labels" in loss.needs
        self.fewest_rows = max(2, loss.fewest_rows)

    def learn(self, states: Callable[[int], Tensor], labels: Tensor) -> None:
        """What the losses have to know before the first step: the teacher's states on all training rows, one layer at a time."""
        for (_, j), loss in zip(self.pairs, self.losses):
            assert isinstance(loss, FeatureLoss)
            loss.learn(states(j), labels)

    @property
    def learns(self) -> bool:
        """Whether the losses do."""
        return any(isinstance(loss, FeatureLoss) and type(loss).learn is not FeatureLoss.learn for loss in self.losses)

    def forward(self, student: Sequence[Tensor], teacher: dict[int, Tensor], labels: Tensor) -> Tensor:
        """What the mapping makes of the pairs' losses; `student` holds (batch, width) by layer."""
        beside = (labels,) if self.sees_labels else ()
        values = [f(c(student[i]), teacher[j], *beside) for (i, j), f, c in zip(self.pairs, self.losses, self.connectors)]
        stacked = torch.stack(values)
        weights = self.mapping.weights(self.pairs, stacked.detach().double().numpy())
        return (stacked * torch.from_numpy(weights).to(stacked)).sum()
