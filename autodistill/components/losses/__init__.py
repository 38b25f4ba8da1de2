"""Losses: the terms that a student is trained on.

hard      compares with the labels            HardLoss.compute(student logits, labels)
logit     compares with the teacher's logits  LogitLoss.compute(student, teacher, labels)
feature   compares with one teacher layer     FeatureLoss.compute(student, teacher, ...)

A member implements `compute`; calling the loss goes through `forward`, which detaches the teacher,
disables autocast and widens half precision to float32. Float64 stays float64. A member's own
declarations are described in `_loss.py`.
"""

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses._loss import Labels as Labels
from autodistill.components.losses._loss import Loss as Loss
from autodistill.registry.slots import Slot

SLOTS = (
    Slot("hard", 20, "loss", "ce"),
    Slot("logit", 30, "loss", "kl", optional=True),
    Slot("feature", 40, "loss", "none", optional=True),
)


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
    dense: ClassVar[bool] = False
    """Whether it takes all layers below the matched one, lowest first; for losses that span."""
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
