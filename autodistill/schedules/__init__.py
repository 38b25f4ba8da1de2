"""Schedules: how the parts of the loss change while a student trains.

A member turns progress, 0 at the first step and 1 at the end, into factors of the weights that a pipeline names. What a logit loss
loses the hard loss gains: their weights always sum to one.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar


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


class Schedule(ABC):
    """One course of a training."""

    needs: ClassVar[frozenset[str]] = frozenset({"logit"})
    """What a pipeline has to have: a subset of hard (the logit loss may lose all of its weight), logit, feature, temperature (a logit loss
    with one), squares (one that regresses logits)."""

    @abstractmethod
    def factors(self, progress: float) -> Factors:
        """At this share of the steps."""
