"""Extra visits for rows that the teacher gets right and the student wrong.

Source   Li et al. 2023 (CoMD), arXiv:2311.08213, the choice of hard instructions by competition of
         teacher and student.
Idea     On these rows there is something to learn, and it can be learned.
Inputs   the teacher's logits, class indices; the student's predictions during training.
Units    share of the visits.
Differs  based on the student's prediction at the row's last visit rather than a pass over all rows
         every few epochs; the rows are visited more often rather than rewritten.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.ranges import Real


class HardExamples(Sampling):
    """The share `share` of the visits goes to hard rows, the rest to all rows.

    A row is hard if the student misclassified it at its last visit and the teacher does not.
    """

    listens = True

    def __init__(self, *, share: Annotated[float, Real(0.05, 0.3)] = 0.15) -> None:
        self.share = share

    def begin(self, known: Known) -> None:
        """Start without hard rows."""
        super().begin(known)
        self.wrong = np.zeros(len(known.labels), dtype=bool)

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        hard = np.flatnonzero(self.wrong & self.known.teacher_right)
        more = round(self.share * count) if len(hard) else 0
        rest = self.deal(np.arange(len(self.wrong)), count - more, random)
        return np.concatenate([rest, random.choice(hard, more)]) if more else rest

    def hear(
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """Record the latest result on each row."""
        self.wrong[places] = ~right
