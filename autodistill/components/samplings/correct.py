"""Only rows that the teacher gets right.

Source   this project's own; data selection as in Lan et al. 2024, arXiv:2404.03693, by the simplest score.
Idea     Where teacher and label disagree one of them is wrong, and the student is better off with other rows.
Inputs   the teacher's logits, labels as classes.
Units    rows.
Differs  nothing. The weighting `correct_only` keeps the labels of such rows; this leaves out the rows.
"""

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import Sampling


class Correct(Sampling):
    """Rows whose label is the teacher's first class."""

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The rule."""
        return self.deal(np.flatnonzero(self.known.teacher_right), count, random)
