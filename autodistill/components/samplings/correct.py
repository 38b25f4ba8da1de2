"""Only rows that the teacher classifies correctly.

Source   this project's own; data selection as in Lan et al. 2024, arXiv:2404.03693, by the simplest
         score.
Idea     Where teacher and label disagree, one of them is wrong, and the student is better off with
         other rows.
Inputs   the teacher's logits, class indices.
Units    rows.
Differs  no deviation from the source. The weighting `correct_only` keeps the labels of such rows;
         this member leaves the rows out.
"""

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import Sampling


class Correct(Sampling):
    """Visits only rows whose label is the teacher's prediction."""

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        return self.deal(np.flatnonzero(self.known.teacher_right), count, random)
