"""What a recommendation needs of a model."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.recommend.evidence import Evidence

FEW = 5
"""Recipes that a person may try."""


@dataclass(frozen=True)
class Guess:
    """What a model says of pipelines on one dataset."""

    standing: NDArray[np.float64]
    """Expected, of each row; -1 where a row is hopeless."""
    few: NDArray[np.int64]
    """Rows to try, the most promising first."""


class Model(ABC):
    """Learns `Evidence.standing`."""

    @abstractmethod
    def fit(self, evidence: Evidence) -> None:
        """Learn from datasets that are known."""

    @abstractmethod
    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        """Expected standing of each row; its scores are not looked at."""

    def few(self, evidence: Evidence, standing: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows to try: those expected to stand highest, one of each kind."""
        return evidence.first(standing, FEW)

    def guess(self, evidence: Evidence) -> Guess:
        """Of one dataset's rows."""
        found = self.predict(evidence)
        standing = found if evidence.hopeless is None else np.where(evidence.hopeless, -1.0, found)
        return Guess(standing, self.few(evidence, standing))
