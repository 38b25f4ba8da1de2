"""Schedules: how the parts of the loss change while a student trains.

A member maps progress, 0 at the first step and 1 at the end, to multipliers of the weights in a
pipeline. Weight that the logit loss loses goes to the hard loss: their weights always sum to one. A
member that listens receives statistics after every step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from autodistill.registry.slots import Slot

SLOT = Slot("schedule", 120, "stage", "none")

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


@dataclass(frozen=True)
class Factors:
    """The multipliers of one training step."""

    logit: float = 1.0
    feature: float = 1.0
    hard: float = 1.0
    temperature: float = 1.0
    """Position between temperature 1 (0) and the loss's own temperature (1)."""
    teacher: float = 1.0
    """Multiplier of the teacher's logits."""


@dataclass(frozen=True)
class StepStats:
    """Statistics of one training step."""

    hard: float
    """Value of the hard loss."""
    logit: float
    """Value of the logit loss."""
    share: float
    """Weight of the logit loss in the pipeline; the hard loss has the rest."""
    student: Float[Tensor, "batch classes"]
    """The student's logits, detached."""
    teacher: Float[Tensor, "batch classes"]
    """The teacher's logits as passed to the loss."""


class Schedule(ABC):
    """A course of the multipliers over one training."""

    listens: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset({"logit"})
    """Required parts of a pipeline.

    A subset of hard (the logit loss may lose all of its weight), logit, feature, temperature (a
    logit loss with one), squares (one that regresses logits).
    """

    @abstractmethod
    def factors(self, progress: float) -> Factors:
        """The multipliers at this progress, 0 to 1."""

    def hear(self, heard: StepStats) -> None:  # noqa: B027 - most ignore them
        """Receive the statistics of the last step; called only if `listens`."""
