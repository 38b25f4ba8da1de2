"""Interface of a recommending model."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.recommend.evidence import Evidence

FEW = 5
"""Number of recipes to suggest."""
REFERENCE = "average"
"""The model for reference only, never used: it cannot rank a pipeline without any run."""
DEFAULT = "boosting"
"""The model that is used until another one is better by more than chance."""


@dataclass(frozen=True)
class Guess:
    """Predictions of a model for pipelines on one dataset."""

    standing: NDArray[np.float64]
    """Expected normalised rank of each row; -1 where a row is hopeless."""
    few: NDArray[np.int64]
    """Rows to try, the most promising first."""


class Model(ABC):
    """A model of `Evidence.standing`, the normalised rank."""

    @abstractmethod
    def fit(self, evidence: Evidence) -> None:
        """Learn from known datasets."""

    @abstractmethod
    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        """Expected normalised rank of each row; its scores are not used."""

    def few(self, evidence: Evidence, standing: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows to try: the highest expected normalised ranks, one of each kind."""
        return evidence.first(standing, FEW)

    def guess(self, evidence: Evidence) -> Guess:
        """The predictions for one dataset's rows."""
        found = self.predict(evidence)
        standing = found if evidence.hopeless is None else np.where(evidence.hopeless, -1.0, found)
        return Guess(standing, self.few(evidence, standing))
