"""Evidence from past studies: a table with one row per pipeline and dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Evidence:
    """Scores of pipelines on datasets.

    Runs of the same pipeline on the same dataset are one row, their mean.
    """

    features: pd.DataFrame
    """Numeric columns of the pipeline and of the dataset; NaN where missing."""
    datasets: NDArray[np.str_]
    pipelines: NDArray[np.str_]
    """Equal text for equal pipelines."""
    scores: NDArray[np.float64]
    """The metric of the study, higher is better."""
    of_dataset: tuple[str, ...] = ()
    """Columns of `features` that describe the dataset."""
    studies: NDArray[np.str_] | None = None
    """Study of each row; scores of different studies are not comparable."""
    hopeless: NDArray[np.bool_] | None = None
    """Rows known to fail before training: not learned from, and ranked last."""
    kinds: NDArray[np.str_] | None = None
    """Choices at each stage, without knobs; None: all kinds differ.

    No two of a few suggested recipes are of one kind.
    """

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def names(self) -> list[str]:
        """Datasets, in the order of their first appearance."""
        return list(dict.fromkeys(self.datasets.tolist()))

    @cached_property
    def standing(self) -> NDArray[np.float64]:
        """Normalised rank: share of its study's pipelines that each row beats, 0 to 1.

        Ties count half. Comparable between datasets.
        """
        found, studies = (
            np.zeros(len(self)),
            self.datasets if self.studies is None else self.studies,
        )
        for name in dict.fromkeys(studies.tolist()):
            here = studies == name
            found[here] = (pd.Series(self.scores[here]).rank() - 0.5) / here.sum()
        return found

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Evidence":
        """Some of the rows."""
        chosen = self.features[index] if index.dtype == bool else self.features.iloc[index]
        hopeless = None if self.hopeless is None else self.hopeless[index]
        studies, kinds = (
            column if column is None else column[index] for column in (self.studies, self.kinds)
        )
        return Evidence(
            chosen,
            self.datasets[index],
            self.pipelines[index],
            self.scores[index],
            self.of_dataset,
            studies,
            hopeless,
            kinds,
        )

    def without(self, names: Sequence[str]) -> "Evidence":
        """The rows without these datasets and without hopeless rows."""
        kept = ~np.isin(self.datasets, names)
        return self.take(kept if self.hopeless is None else kept & ~self.hopeless)

    def only(self, name: str) -> "Evidence":
        """The rows of one dataset."""
        return self.take(self.datasets == name)

    def first(self, guessed: NDArray[np.float64], most: int) -> NDArray[np.int64]:
        """Rows with the largest predictions, largest first; one of each kind.

        Of a tie, the first row.
        """
        order = np.argsort(-guessed, kind="stable")
        if self.kinds is not None:
            order = order[np.sort(np.unique(self.kinds[order], return_index=True)[1])]
        return np.asarray(order[:most])
