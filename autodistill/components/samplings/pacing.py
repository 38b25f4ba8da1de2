"""A curriculum: easy rows first, or hard ones, or, as the control, a few of any kind.

Source   Wu et al. 2021, arXiv:2012.03107, pacing functions.
Idea     A student that begins with what is clear may learn faster; whether it is the order or only the growing number of rows is what
         the order `random` tells.
Inputs   the teacher's logits, labels as classes.
Units    share of the rows that may be visited.
Differs  difficulty is the teacher's cross-entropy with the label; steps rather than epochs.
"""

import math
from typing import Annotated

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.ranges import OneOf, Real


class Pacing(Sampling):
    """The first g(t) = min(1, start + (1 - start) (t / share)^power) of the rows in this order."""

    def __init__(
        self,
        *,
        order: Annotated[str, OneOf("easy", "hard", "random")] = "easy",
        start: Annotated[float, Real(0.1, 0.8)] = 0.3,
        share: Annotated[float, Real(0.3, 1.0)] = 0.6,
        power: Annotated[float, Real(0.5, 2.0)] = 1.0,
    ) -> None:
        self.order = order
        self.start = start
        self.share = share
        self.power = power

    def begin(self, known: Known) -> None:
        """Order the rows, once."""
        super().begin(known)
        chance = np.random.default_rng(0).random(len(known.labels))
        first = {
            "easy": known.teacher_loss,
            "hard": -known.teacher_loss,
            "random": np.zeros(len(chance)),
        }[self.order]
        self.queue = np.lexsort((chance, first))

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The rule."""
        opened = self.queue[: max(1, round(self.open_share(progress) * len(self.queue)))]
        return np.resize(random.permutation(opened), count)

    def open_share(self, progress: float) -> float:
        """g at this share of all visits."""
        return min(
            1.0, self.start + (1.0 - self.start) * math.pow(progress / self.share, self.power)
        )
