"""A curriculum: easy rows first, hard rows first, or random as the baseline.

Source   Wu et al. 2021, arXiv:2012.03107, pacing functions.
Idea     A student that starts with clear rows may learn faster; the order `random` shows whether
         the order matters or only the growing number of rows.
Inputs   the teacher's logits, class indices.
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
    """Visits the first share g(t) of the rows in this order.

    g(t) = min(1, start + (1 - start) (t / share)^power).
    """

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
        """Rank the rows once."""
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
        """The indices of the next `count` rows."""
        opened = self.queue[: max(1, round(self.open_share(progress) * len(self.queue)))]
        return np.resize(random.permutation(opened), count)

    def open_share(self, progress: float) -> float:
        """The share g of rows that is open at this progress."""
        return min(
            1.0, self.start + (1.0 - self.start) * math.pow(progress / self.share, self.power)
        )
