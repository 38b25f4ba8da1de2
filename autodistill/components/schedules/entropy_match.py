"""Teacher softened to the entropy of its student.

Source   Zhao et al. 2023 (MTARD), arXiv:2306.16170, the balance of entropies; there between two
         teachers.
Idea     Early in training a student cannot be as sharp as its teacher: the teacher's predictions
         are softened to the student's entropy and sharpen as the student does.
Inputs   a logit loss with a temperature.
Units    multiplier of the teacher's logits, one over a temperature from 1 to 10.
Differs  between student and teacher rather than two teachers; steps by the sign of the gap, as the
         source gives no rule (both this project's choices).
"""

import math
from typing import Annotated

import torch

from autodistill.components.schedules import Factors, Schedule, StepStats
from autodistill.registry.ranges import Real

LOW, HIGH = 1.0, 10.0


class EntropyMatch(Schedule):
    """log T <- log T + rate sign(mean student entropy - mean teacher entropy at T)."""

    needs = frozenset({"logit", "temperature"})
    listens = True

    def __init__(self, *, rate: Annotated[float, Real(0.01, 0.1, log=True)] = 0.03) -> None:
        self.rate = rate
        self.temperature = LOW

    def factors(self, progress: float) -> Factors:
        """The multipliers at the current temperature; independent of progress."""
        return Factors(teacher=1 / self.temperature)

    def hear(self, heard: StepStats) -> None:
        """Update the temperature."""
        own, wanted = (
            torch.special.entr(z.float().softmax(-1)).sum(-1).mean().item()
            for z in (heard.teacher, heard.student)
        )
        self.temperature = moved(self.temperature, own, wanted, self.rate)


def moved(temperature: float, own: float, wanted: float, rate: float) -> float:
    """The temperature after one update towards the desired entropy."""
    step = rate * ((wanted > own) - (wanted < own))
    return min(max(temperature * math.exp(step), LOW), HIGH)
