"""Schedules: how the parts of the loss change while a student trains.

A member turns progress, 0 at the first step and 1 at the end, into factors of the weights that a pipeline names. What a logit loss
loses the hard loss gains: their weights always sum to one. One that listens hears after every step what it showed.
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
    """Of one step."""

    logit: float = 1.0
    feature: float = 1.0
    hard: float = 1.0
    temperature: float = 1.0
    """Share of the way from 1 to the loss's own temperature."""
    teacher: float = 1.0
    """Of the teacher's logits."""


@dataclass(frozen=True)
class StepStats:
    """What a step showed."""

    hard: float
    """Value of the hard loss."""
    logit: float
    """Value of the logit loss."""
    share: float
    """Weight of the logit loss as the pipeline names it; the hard loss has the rest."""
    student: Float[Tensor, "batch classes"]
    """Logits, detached."""
    teacher: Float[Tensor, "batch classes"]
    """Logits as the loss was given them."""


class Schedule(ABC):
    """One course of a training."""

    listens: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset({"logit"})
    """What a pipeline has to have: a subset of hard (the logit loss may lose all of its weight), logit, feature, temperature (a logit loss
    with one), squares (one that regresses logits)."""

    @abstractmethod
    def factors(self, progress: float) -> Factors:
        """At this share of the steps."""

    def hear(self, heard: StepStats) -> None:  # noqa: B027 - most have nothing to hear
        """Of the step that was just made; only those that listen are told."""
