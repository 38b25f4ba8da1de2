"""Transfers that follow the student: most visits go to rows chosen by its latest losses."""

from abc import abstractmethod

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import cross_entropy
from autodistill.components.transfers import Known, Transfer


class Explored(Transfer):
    """Visits the rows that are `kept`; a share `explore` of the visits goes to all rows.

    A member says `listens` itself: traits are read from its own file.
    """

    explore: float

    def begin(self, known: Known) -> None:
        """Receive the teacher's probabilities; the student has not seen any row."""
        super().begin(known)
        self.confidence = np.exp(-cross_entropy(known.teacher, known.labels))
        """The teacher's probability of its most likely class, per row."""
        self.losses = np.full(len(self.confidence), np.inf)
        """The student's loss on that class at the row's last visit; infinite before the first."""

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
        """Keep the student's losses on these rows."""
        self.losses[places] = losses

    @abstractmethod
    def kept(self) -> Bool[ndarray, "rows"]:
        """Per row, whether it is to be visited now."""
