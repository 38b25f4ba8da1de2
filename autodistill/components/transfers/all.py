"""Every unlabelled row, equally often.

Source   Hinton et al. 2015, arXiv:1503.02531, section 2 (a transfer set needs no labels); Bucila et
         al. 2006, "Model compression".
Idea     What a teacher says of rows that nobody labelled is news; of its own training rows, it
         mostly repeats the labels.
Inputs   the teacher's logits on unlabelled rows.
Units    share of the visits.
Differs  no deviation from the source; labelled rows keep the rest of the visits.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.transfers import Transfer
from autodistill.registry.ranges import Real


class All(Transfer):
    """Visits all rows in turn."""

    def __init__(self, *, share: Annotated[float, Real(0.5, 0.95)] = 0.8) -> None:
        self.share = share

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        return self.deal(np.arange(len(self.dealt)), count, random)
