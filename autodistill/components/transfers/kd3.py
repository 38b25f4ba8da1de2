"""Unlabelled rows on which teacher and student are both sure of one class (KD3).

Source   Tang et al. 2023 (knowledge distillation between different distributions),
         arXiv:2307.11469: rows are selected by the predictions of both networks, anew as the
         student learns.
Idea     Rows collected elsewhere may be of no class at all: those on which the networks agree are
         like the rows that the teacher knows, and the student can follow it there.
Inputs   the teacher's logits on unlabelled rows; the student's losses during training.
Units    share of the student's mean probability of the teacher's class, which both networks must
         give that class.
Differs  the threshold moves with the student's mean over its latest visits; `explore` of the visits
         go to all rows, so that rows come back; features are not weighted.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import cross_entropy
from autodistill.components.transfers import Known, Transfer
from autodistill.registry.ranges import Real


class Kd3(Transfer):
    """Visits rows whose class both networks give at least `threshold` times the mean."""

    listens = True
    offered = False

    def __init__(
        self,
        *,
        share: Annotated[float, Real(0.5, 0.95)] = 0.8,
        threshold: Annotated[float, Real(0.5, 0.99)] = 0.8,
        explore: Annotated[float, Real(0.1, 0.5)] = 0.3,
    ) -> None:
        self.share = share
        self.threshold = threshold
        self.explore = explore

    def begin(self, known: Known) -> None:
        """Receive the teacher's probabilities; the student has not seen any row."""
        super().begin(known)
        self.teacher = np.exp(-cross_entropy(known.teacher, known.labels))
        self.student = np.full(len(self.teacher), np.nan)

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        free = round(self.explore * count)
        everywhere = self.deal(np.arange(len(self.dealt)), free, random)
        chosen = self.deal(np.flatnonzero(self.kept()), count - free, random)
        return np.concatenate([everywhere, chosen])

    def hear(
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """Keep the student's probabilities of the teacher's classes."""
        self.student[places] = np.exp(-losses)

    def kept(self) -> Bool[ndarray, "rows"]:
        """Per row, whether both networks are sure enough; of rows not seen yet, the teacher."""
        seen = ~np.isnan(self.student)
        bar = self.threshold * self.student[seen].mean() if seen.any() else 0.0
        found: Bool[ndarray, "rows"] = (self.teacher >= bar) & ~(self.student < bar)
        return found
