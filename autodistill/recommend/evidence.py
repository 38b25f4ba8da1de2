"""What past studies hold as a table: one row for each pipeline on each dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata


@dataclass(frozen=True)
class Evidence:
    """Scores of pipelines on datasets; rows of the same pipeline on the same dataset are one row, its mean."""

    features: pd.DataFrame
    """Numbers only: of the pipeline, and of the dataset. Missing is NaN."""
    datasets: NDArray[np.str_]
    pipelines: NDArray[np.str_]
    """The same text for the same pipeline."""
    scores: NDArray[np.float64]
    """The metric of the study, higher is better."""
    of_dataset: tuple[str, ...] = ()
    """Columns of `features` that describe the dataset."""
    studies: NDArray[np.str_] | None = None
    """Where several studies are about one dataset; scores of two studies are not comparable."""
    hopeless: NDArray[np.bool_] | None = None
    """Rows that are known not to work before anything is trained: nothing is learned from them, they come last."""
    kinds: NDArray[np.str_] | None = None
    """What was chosen at each stage, without knobs; of a few recipes that are handed over no two are of one kind. None: all differ."""

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def names(self) -> list[str]:
        """Datasets, in the order in which they first appear."""
        return list(dict.fromkeys(self.datasets.tolist()))

    @cached_property
    def standing(self) -> NDArray[np.float64]:
        """Of each row, the share of its study's pipelines that it beats, ties by half: between 0 and 1, comparable between datasets."""
        found, studies = (
            np.zeros(len(self)),
            self.datasets if self.studies is None else self.studies,
        )
        for name in dict.fromkeys(studies.tolist()):
            here = studies == name
            found[here] = (rankdata(self.scores[here]) - 0.5) / here.sum()
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
        """What is left when these datasets are not known, without rows that are hopeless."""
        kept = ~np.isin(self.datasets, names)
        return self.take(kept if self.hopeless is None else kept & ~self.hopeless)

    def only(self, name: str) -> "Evidence":
        """One dataset."""
        return self.take(self.datasets == name)

    def first(self, guessed: NDArray[np.float64], most: int) -> NDArray[np.int64]:
        """Rows with the largest guesses, the largest first, the first row of a tie; one of each kind."""
        order = np.argsort(-guessed, kind="stable")
        if self.kinds is not None:
            order = order[np.sort(np.unique(self.kinds[order], return_index=True)[1])]
        return np.asarray(order[:most])
