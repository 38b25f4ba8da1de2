"""More visits for rows that the teacher gets right and the student wrong.

Source   Li et al. 2023 (CoMD), arXiv:2311.08213, the choice of hard instructions by competition of teacher and student.
Idea     These are the rows on which there is something to learn that can be learned.
Inputs   the teacher's logits, labels as classes; the student's answers as training goes.
Units    share of the visits.
Differs  by what the student answered when the row was last visited rather than by a pass over all rows every few epochs; the rows are
         visited more often rather than written anew.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.ranges import Real


class HardExamples(Sampling):
    """`share` of the visits go to rows that are hard as of their last visit, the others to all rows."""

    listens = True

    def __init__(self, *, share: Annotated[float, Real(0.05, 0.3)] = 0.15) -> None:
        self.share = share

    def begin(self, known: Known) -> None:
        """Nothing is hard yet."""
        super().begin(known)
        self.wrong = np.zeros(len(known.labels), dtype=bool)

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The rule."""
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
        """Keep the last verdict on each row."""
        self.wrong[places] = ~right
