"""Unlabelled rows of which the teacher is sure and the student is not (LLKD).

Source   Li et al. 2025, "Learning with Less", arXiv:2411.08028: rows above a threshold on the
         teacher's confidence and above one on the student's uncertainty, both by class.
Idea     A row teaches most where its answer can be trusted and the student does not know it yet.
Inputs   the teacher's logits on unlabelled rows; the student's losses during training.
Units    share of the visits.
Differs  thresholds are means over the class's rows, not running means over batches; the student's
         uncertainty is its cross-entropy with the teacher's class at the row's last visit;
         `explore` of the visits go to all rows, so that forgotten rows are noticed; rows are chosen
         before they are visited, not left out of a batch; no weights beside the choice.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from autodistill.components.transfers import Known
from autodistill.components.transfers._explored import Explored
from autodistill.registry.ranges import Real


class Llkd(Explored):
    """Visits rows above the mean confidence of the teacher and the mean loss of the student."""

    listens = True

    def __init__(
        self,
        *,
        share: Annotated[float, Real(0.5, 0.95)] = 0.8,
        explore: Annotated[float, Real(0.1, 0.5)] = 0.3,
    ) -> None:
        self.share = share
        self.explore = explore

    def begin(self, known: Known) -> None:
        """Find the rows of which the teacher is sure; every row is unknown to the student."""
        super().begin(known)
        self.sure = self.confidence >= self._means(self.confidence)

    def kept(self) -> Bool[ndarray, "rows"]:
        """Per row, whether the teacher is sure and the student needs it."""
        found: Bool[ndarray, "rows"] = self.sure & self.needed()
        return found

    def needed(self) -> Bool[ndarray, "rows"]:
        """Per row, whether the student's loss is above its class's mean, or not known yet."""
        found: Bool[ndarray, "rows"] = self.losses >= self._means(self.losses)
        return found

    def _means(self, values: Float[ndarray, "rows"]) -> Float[ndarray, "rows"]:
        """For each row, the mean of the finite values of its class; infinite if there is none."""
        classes = self.known.teacher.shape[1]
        there = np.isfinite(values)
        labels = self.known.labels
        sums = np.bincount(labels[there], weights=values[there], minlength=classes)
        counts = np.bincount(labels[there], minlength=classes)
        means = np.divide(sums, counts, out=np.full(classes, np.inf), where=counts > 0)
        found: Float[ndarray, "rows"] = means[labels]
        return found
