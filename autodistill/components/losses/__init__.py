"""Losses: the terms that a student is trained on.

hard      compares with the labels            HardLoss.compute(student logits, labels)
logit     compares with the teacher's logits  LogitLoss.compute(student, teacher, labels)
feature   compares with one teacher layer     FeatureLoss.compute(student, teacher, ...)

A member implements `compute`; calling the loss goes through `forward`, which detaches the teacher,
disables autocast and widens half precision to float32. Float64 stays float64.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.registry.slots import Slot

SLOTS = (
    Slot("hard", 20, "loss", "ce"),
    Slot("logit", 30, "loss", "kl", optional=True),
    Slot("feature", 40, "loss", "none", optional=True),
)

Labels = Int[Tensor, "batch"] | Float[Tensor, "batch labels"]
"""Class indices (batch,), or one target per label (batch, labels).

A target row holds class probabilities; a loss with a head of its own may have more outputs than
there are classes.
"""


class Loss(nn.Module, ABC):
    """A loss term; class attributes declare its inputs and its guarantees."""

    kind: ClassVar[Literal["hard", "logit", "feature"]]
    needs: ClassVar[frozenset[str]]
    """Inputs besides the student's logits.

    A subset of labels, logits, rows, pooled, tokens, projections.
    """
    at_match: ClassVar[Literal["zero", "minimum", "none"]]
    """Behaviour for a student equal to its teacher: zero, at its minimum, or neither."""
    rescale: ClassVar[bool] = False
    """Whether a feature loss is scaled to the size of the hard loss at step 0.

    Not meant for values in nats that start near zero.
    """
    width_free: ClassVar[bool] = True
    """Whether it accepts different widths; otherwise a connector goes in between."""
    soft_labels: ClassVar[bool] = False
    """Whether it accepts class probabilities as labels, such as mixup produces."""
    holds: ClassVar[bool] = False
    """Whether a student-dependent part is held constant (stop-gradient).

    The derivative of the value is then not the gradient of the loss.
    """
    sees_rows: ClassVar[bool] = True
    """Whether it constrains each row individually; if not, a hard loss is required."""
    fewest_classes: ClassVar[int] = 2
    idle_at_two: ClassVar[frozenset[str]] = frozenset()
    """Knobs without effect when there are two classes."""
    fewest_rows: ClassVar[int] = 1
    """Smallest batch over which its statistics can be estimated."""
    squares: ClassVar[bool] = False
    """Whether it regresses the raw teacher logits, so that their scale matters."""
    head: ClassVar[Literal["", "last", "middle"]] = ""
    """Student layer that carries an extra head of this loss; empty: no extra head.

    The head is dropped together with the loss. A logit loss reads its outputs in place of the
    student's own logits, a hard loss in addition to them.
    """
    align: bool = False
    """Whether the part of its gradient that conflicts with the other terms is removed."""
    most_classes: ClassVar[int] = 0
    """Largest supported number of classes; 0: no limit."""
    rows_for: ClassVar[Mapping[str, int]] = {}
    """Required rows of the rarest class per unit of a knob."""
    ordered_only: ClassVar[bool] = False
    """Whether it is meant for ordinal classes only."""
    rare_classes_only: ClassVar[bool] = False
    """Whether it is meant for rare classes, or for tasks scored by F1."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the learned parts for these widths; call once, before the first forward."""

    def outputs(self, classes: int) -> int:
        """Number of outputs of the loss's own head."""
        return classes


class HardLoss(Loss):
    """A loss that compares the student with the labels."""

    for_teachers: ClassVar[bool] = False
    """Whether it fine-tunes teachers only; it is never searched for students."""

    def learn(self, logits: Float[Tensor, "seen classes"], labels: Int[Tensor, "seen"]) -> None:
        """Fit statistics to the teacher's logits on all training rows.

        Called before the first step; most losses need nothing.
        """

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        labels: Labels,
        own: Float[Tensor, "batch outputs"] | None = None,
    ) -> Float[Tensor, ""]:
        """The loss of the batch; `own`: outputs of the loss's own head, if it has one."""
        beside = () if own is None else (_widen(own),)
        with _exactly(student):
            return self.compute(_widen(student), labels, *beside)

    @abstractmethod
    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The loss itself; inputs are float32 or float64."""


class LogitLoss(Loss):
    """A loss that compares the student's logits with the teacher's.

    A loss that needs `pooled` compares with the output of `expanded`, computed from the teacher's
    logits and states.
    """

    def learn(
        self,
        states: Float[Tensor, "rows width"],
        logits: Float[Tensor, "rows classes"],
        labels: Int[Tensor, "rows"],
    ) -> None:
        """Fit statistics to the teacher's states and logits on all training rows.

        Called before the first step, for losses that need teacher states.
        """

    def expanded(
        self, logits: Float[Tensor, "batch classes"], states: Float[Tensor, "batch width"]
    ) -> Float[Tensor, "batch outputs"]:
        """The target of the loss's own head."""
        return logits

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        with _exactly(student):
            return self.compute(_widen(student), _widen(teacher.detach()), labels)

    @abstractmethod
    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, ""]:
        """The loss itself; inputs are float32 or float64, the teacher is detached."""


class RowLoss(LogitLoss):
    """A logit loss that is a mean over rows and accepts row weights."""

    def forward(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
        weights: Float[Tensor, "batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """The loss of the batch, each row multiplied by its weight."""
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
        """The loss of each row; inputs are float32 or float64, the teacher is detached."""


class FeatureLoss(Loss):
    """A loss between one student layer and one teacher layer.

    There is one instance per matched pair of layers. `signal` names the representation of a layer:
    `pooled` (batch, width), a mean over tokens; `tokens` (batch, tokens, width), or one row per
    valid token where `compute` takes no mask; `projections` (3, batch, tokens, width): queries,
    keys and values.
    """

    signal: Literal["pooled", "tokens", "projections"] = "pooled"
    beside: ClassVar[tuple[str, ...]] = ()
    """Extra keyword arguments of `compute`.

    labels, logits (the teacher's), mask (valid tokens), rows (indices in the split).
    """
    attends: ClassVar[bool] = False
    """Whether layers are numbered by attention block: 0 is the first block."""
    spans: ClassVar[bool] = False
    """Whether it takes two layers of each network, lower and upper: (2, ...)."""
    matches: ClassVar[bool] = True
    """Whether it reads teacher layers; otherwise only teacher logits."""
    classes: int = 2
    """Number of classes; set before `connect`, as `heads` is.

    `heads`: numbers of attention heads of student and teacher.
    """
    heads: tuple[int, int] = (1, 1)

    def learn(
        self,
        states: Float[Tensor, "seen width"],
        labels: Int[Tensor, "seen"],
        rows: Int[Tensor, "seen"],
    ) -> None:
        """Fit statistics to the teacher's mean states of this layer.

        The states cover all training rows; `rows` are their indices in the split. Called before the
        first step.
        """

    def forward(
        self,
        student: Float[Tensor, "*student"],
        teacher: Float[Tensor, "*teacher"],
        **beside: Tensor,
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        known = {k: _widen(v.detach()) for k, v in beside.items()}
        with _exactly(student):
            return self.compute(_widen(student), _widen(teacher.detach()), **known)

    @abstractmethod
    def compute(self, *args: Any, **kwargs: Any) -> Float[Tensor, ""]:
        """The loss of student and teacher, and of the inputs that `beside` names.

        Inputs are float32 or float64, the teacher is detached.
        """


def auto_scale(hard: float, feature: float, low: float = 1e-4, high: float = 1e4) -> float:
    """The factor that scales a feature loss to the hard loss, within [low, high].

    A feature loss of zero gets `high`; a NaN loss gives a NaN factor.
    """
    return min(max(hard / feature, low), high) if feature else high


def _exactly(like: Tensor) -> torch.autocast:
    return torch.autocast(like.device.type, enabled=False)


def _widen(x: Tensor) -> Tensor:
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
