"""The unlabelled rows of which the teacher is surest, class by class.

Source   Xie et al. 2020, "Self-training with Noisy Student", arXiv:1911.04252, section 2 (filtering
         by confidence, the same share of every class).
Idea     A teacher that is unsure is more often wrong; without the classes apart, only easy ones
         would be left.
Inputs   the teacher's logits on unlabelled rows.
Units    share of each class's rows.
Differs  classes are not filled up to equal numbers: the teacher's frequencies stay.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import cross_entropy
from autodistill.components.transfers import Known, Transfer
from autodistill.registry.ranges import Real


class Confident(Transfer):
    """Visits the surest `keep` of the rows of each class that the teacher names."""

    def __init__(
        self,
        *,
        share: Annotated[float, Real(0.5, 0.95)] = 0.8,
        keep: Annotated[float, Real(0.3, 1.0)] = 0.7,
    ) -> None:
        self.share = share
        self.keep = keep

    def begin(self, known: Known) -> None:
        """Select the rows."""
        super().begin(known)
        doubt = cross_entropy(known.teacher, known.labels)
        rows = [np.flatnonzero(known.labels == c) for c in np.unique(known.labels)]
        surest = [r[np.argsort(doubt[r], kind="stable")] for r in rows]
        self.kept = np.sort(
            np.concatenate([r[: max(1, round(self.keep * len(r)))] for r in surest])
        )

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        return self.deal(self.kept, count, random)
