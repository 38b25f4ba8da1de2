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
from jaxtyping import Bool
from numpy import ndarray

from autodistill.components.transfers._explored import Explored
from autodistill.registry.ranges import Real


class Kd3(Explored):
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

    def kept(self) -> Bool[ndarray, "rows"]:
        """Per row, whether both networks are sure enough; of rows not seen yet, the teacher."""
        seen, student = np.isfinite(self.losses), np.exp(-self.losses)
        bar = self.threshold * student[seen].mean() if seen.any() else 0.0
        found: Bool[ndarray, "rows"] = (self.confidence >= bar) & (~seen | (student >= bar))
        return found
