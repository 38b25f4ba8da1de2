"""Visits concentrated where the student's loss is changing.

Source   Portelas et al. 2020 (ALP-GMM), arXiv:1910.07224; Graves et al. 2017, arXiv:1704.03003,
         bandits over difficulty.
Idea     Rows that are already learned and rows that cannot be learned yet show no progress; those
         in between do, and so do those being forgotten.
Inputs   the teacher's logits, class indices; the student's losses during training.
Units    share of the visits.
Differs  equal bins of the teacher's cross-entropy with the label instead of a mixture of Gaussians;
         progress is the absolute gap between a fast and a slow running mean of a bin's loss.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.ranges import Real, Whole

FAST, SLOW = 0.3, 0.05
"""Weight of a new value in the fast and the slow running mean."""


class LearningProgress(Sampling):
    """Samples difficulty bins in proportion to their learning progress.

    Probability: (1 - epsilon) |progress| / sum of |progress| + epsilon / bins.
    """

    listens = True

    def __init__(
        self,
        *,
        bins: Annotated[int, Whole(5, 20)] = 8,
        epsilon: Annotated[float, Real(0.1, 0.3)] = 0.2,
    ) -> None:
        self.bins = bins
        self.epsilon = epsilon

    def begin(self, known: Known) -> None:
        """Assign the rows to equal-sized bins of difficulty."""
        super().begin(known)
        order = np.argsort(known.teacher_loss, kind="stable")
        self.members = [part for part in np.array_split(order, self.bins) if len(part)]
        self.bin_of = np.empty(len(order), dtype=np.int64)
        for number, part in enumerate(self.members):
            self.bin_of[part] = number
        self.means = np.full((2, len(self.members)), np.nan)

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        drawn = random.choice(len(self.members), size=count, p=self.chances())
        parts = [
            self.deal(part, int((drawn == number).sum()), random)
            for number, part in enumerate(self.members)
        ]
        return np.concatenate(parts)

    def hear(
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """Update the running means of the visited bins."""
        for number in np.unique(self.bin_of[places]):
            loss, before = losses[self.bin_of[places] == number].mean(), self.means[:, number]
            self.means[:, number] = (
                loss
                if np.isnan(before).any()
                else before + np.array([FAST, SLOW]) * (loss - before)
            )

    def chances(self) -> Float[ndarray, "bins"]:
        """Sampling probability of each bin; uniform while no bin shows progress."""
        moved = np.nan_to_num(np.abs(self.means[0] - self.means[1]))
        even = np.full(len(moved), 1 / len(moved))
        return (
            even
            if not moved.sum()
            else (1 - self.epsilon) * moved / moved.sum() + self.epsilon * even
        )
