"""Losses: what a student is pulled towards.

hard      the labels            HardLoss.compute(student logits, labels)
logit     the teacher's logits  LogitLoss.compute(student logits, teacher logits, labels)
feature   one teacher layer     FeatureLoss.compute(student features, teacher features, ...)

A member writes `compute`; calling it goes through `forward`, which detaches the teacher, leaves autocast and
widens half precision to float32. Float64 stays as it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

Labels = Int[Tensor, "batch"] | Float[Tensor, "batch labels"]
"""A class for each row, or shares of the classes; a loss with a head of its own may have more outputs than there are classes."""


class Loss(nn.Module, ABC):
    """A number to make small; class attributes say what it needs and promises."""

    kind: ClassVar[Literal["hard", "logit", "feature"]]
    needs: ClassVar[frozenset[str]]
    """What it looks at besides the student's logits: a subset of labels, logits, rows, pooled, tokens, projections."""
    at_match: ClassVar[Literal["zero", "minimum", "none"]]
    """What the loss of a student equal to its teacher is."""
    rescale: ClassVar[bool] = False
    """Features only: brought to the size of the hard loss at step 0. Not for values in nats that begin near zero."""
    width_free: ClassVar[bool] = True
    """Takes a student and a teacher of different widths; else a connector goes in between."""
    soft_labels: ClassVar[bool] = False
    """Where labels are looked at: takes a distribution over the classes in place of a class, as mixup makes them."""
    holds: ClassVar[bool] = False
    """Part of the value is made from the student and then held constant: its slope is not the loss's gradient."""
    sees_rows: ClassVar[bool] = True
    """Says for each row by itself where the student should go; else a hard loss has to stay beside it."""
    fewest_classes: ClassVar[int] = 2
    idle_at_two: ClassVar[frozenset[str]] = frozenset()
    """Knobs that change nothing at two classes."""
    fewest_rows: ClassVar[int] = 1
    """In a batch, for what is estimated over it."""
    squares: ClassVar[bool] = False
    """Regresses the teacher's logits themselves, so that their size matters."""
    cools: ClassVar[bool] = False
    """Has a `temperature`, which a schedule may bring down to 1 while a student trains; for logit losses."""
    head: ClassVar[Literal["", "last", "middle"]] = ""
    """Has a head of its own, on this layer of the student, that is dropped with the loss. A logit loss looks at it instead of the
    student's own logits, a hard loss beside them."""
    align: bool = False
    """Where its gradient goes against that of the other terms, that part of it is left out."""
    most_classes: ClassVar[int] = 0
    """0: any number."""
    rows_for: ClassVar[Mapping[str, int]] = {}
    """Rows of the rarest class for each unit of a knob."""
    ordered_only: ClassVar[bool] = False
    """Made for classes that are steps of a scale."""
    rare_classes_only: ClassVar[bool] = False
    """Made for rare classes, or for a task that is judged by F1."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the learned parts, if any, for these widths; call it once, before the first forward."""

    def outputs(self, classes: int) -> int:
        """Of its own head."""
        return classes


class HardLoss(Loss):
    """Compares the student with the labels."""

    for_teachers: ClassVar[bool] = False
    """Made to tune a teacher; no search offers it to a student."""

    def learn(self, logits: Float[Tensor, "seen classes"], labels: Int[Tensor, "seen"]) -> None:
        """From the teacher's answers to all training rows, before the first step; most need nothing."""

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        labels: Labels,
        own: Float[Tensor, "batch outputs"] | None = None,
    ) -> Float[Tensor, ""]:
        """The loss of this batch; `own` are the outputs of the loss's own head, if it has one."""
        beside = () if own is None else (_widen(own),)
        with _exactly(student):
            return self.compute(_widen(student), labels, *beside)

    @abstractmethod
    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The formula; inputs are float32 or float64."""


class LogitLoss(Loss):
    """Compares the student's logits with the teacher's; one that needs `pooled`, with what `expanded` makes of these and of its states."""

    def learn(
        self,
        states: Float[Tensor, "rows width"],
        logits: Float[Tensor, "rows classes"],
        labels: Int[Tensor, "rows"],
    ) -> None:
        """From what the teacher showed on all training rows, before the first step; for those that need its states."""

    def expanded(
        self, logits: Float[Tensor, "batch classes"], states: Float[Tensor, "batch width"]
    ) -> Float[Tensor, "batch outputs"]:
        """What the loss's own head is compared with."""
        return logits

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The loss of this batch."""
        with _exactly(student):
            return self.compute(_widen(student), _widen(teacher.detach()), labels)

    @abstractmethod
    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The formula; inputs are float32 or float64, the teacher is detached."""


class RowLoss(LogitLoss):
    """A logit loss that is a mean over rows, which may weigh more or less."""

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
        weights: Float[Tensor, "batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """The loss of this batch, each row times its weight."""
        if weights is None:
            return super().forward(student, teacher, labels)
        with _exactly(student):
            return (
                weights.detach() * self.rows(_widen(student), _widen(teacher.detach()), labels)
            ).mean()

    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The mean over rows."""
        return self.rows(student, teacher, labels).mean()

    @abstractmethod
    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula, row by row; inputs are float32 or float64, the teacher is detached."""


class FeatureLoss(Loss):
    """Compares one student layer with one teacher layer; one instance for each matched pair.

    `signal` says what of a layer: `pooled` (batch, width), a mean over tokens; `tokens` (batch, tokens, width), or a row for each valid
    token where `compute` takes no mask; `projections` (3, batch, tokens, width), queries, keys and values.
    """

    signal: Literal["pooled", "tokens", "projections"] = "pooled"
    beside: ClassVar[tuple[str, ...]] = ()
    """What else `compute` is given by name: labels, logits (the teacher's), mask (valid tokens), rows (places in the split)."""
    attends: ClassVar[bool] = False
    """Layers are counted as attention is: 0 is the first one's."""
    spans: ClassVar[bool] = False
    """Is given two layers of each network, a lower and a higher one: (2, ...)."""
    matches: ClassVar[bool] = True
    """Looks at layers of the teacher; else only at its logits."""
    classes: int = 2
    """Set before `connect`, as `heads` is: numbers of attention heads, student's and teacher's."""
    heads: tuple[int, int] = (1, 1)

    def learn(
        self,
        states: Float[Tensor, "seen width"],
        labels: Int[Tensor, "seen"],
        rows: Int[Tensor, "seen"],
    ) -> None:
        """From the teacher's mean states of this layer on all training rows and their places in the split, before the first step."""

    def forward(
        self,
        student: Float[Tensor, "*student"],
        teacher: Float[Tensor, "*teacher"],
        **beside: Tensor,
    ) -> Float[Tensor, ""]:
        """The loss of this batch."""
        known = {k: _widen(v.detach()) for k, v in beside.items()}
        with _exactly(student):
            return self.compute(_widen(student), _widen(teacher.detach()), **known)

    @abstractmethod
    def compute(self, *args: Any, **kwargs: Any) -> Float[Tensor, ""]:
        """The formula, of student and teacher, and of what `beside` names; float32 or float64, the teacher is detached."""


def auto_scale(hard: float, feature: float, low: float = 1e-4, high: float = 1e4) -> float:
    """The factor that brings a feature loss to the size of the hard loss, kept inside low to high.

    A feature loss of zero gets `high`; a loss that is not a number gives a factor that is not a number.
    """
    return min(max(hard / feature, low), high) if feature else high


def _exactly(like: Tensor) -> torch.autocast:
    return torch.autocast(like.device.type, enabled=False)


def _widen(x: Tensor) -> Tensor:
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
