"""What a member of this family promises: to claim a dataset by its name and to read it into splits."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from autodistill.datasets._images import Image

Label = str | int | float | bool | None
"""A label as it is written in the data: a name, a number, or None where it is missing."""


@dataclass(frozen=True)
class ReadOptions:
    """What a person may say about how to read a dataset."""

    data_root: Path | None = None
    """A folder of datasets, searched before the hub."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """`text`, `pair` and `label`: column names, where they cannot be guessed."""


@dataclass(frozen=True)
class RawSplit:
    """The rows of one split as they are written."""

    texts: Sequence[object]
    pairs: Sequence[object] | None
    labels: Sequence[Label] | None
    """None when the split has no label column."""
    where: str
    """File or hub name, for messages."""
    rows: Sequence[int]
    """1-based row or line number of each text in `where`, for messages."""
    label_column: str = "label"
    images: Sequence[Image] | None = None
    """Instead of texts, which are their names then; each (height, width, 3)."""

    def take(self, places: Sequence[int]) -> "RawSplit":
        """Some of the rows."""
        return replace(
            self,
            texts=[self.texts[i] for i in places],
            pairs=self.pairs and [self.pairs[i] for i in places],
            labels=self.labels and [self.labels[i] for i in places],
            rows=[self.rows[i] for i in places],
            images=self.images and [self.images[i] for i in places],
        )


@dataclass(frozen=True)
class Splits:
    """A dataset as its source offers it."""

    splits: Mapping[str, RawSplit]
    """By role: train, and where there are such, validation and test."""
    source: str
    """Where the rows were read from, for people."""
    label_names: tuple[str, ...] = ()
    """Names of the labels 0, 1, ... where the source declares them; empty means: take them from the rows."""
    metric: str = "accuracy"
    """The metric that is customary for this dataset."""
    notes: tuple[str, ...] = ()


class Source(ABC):
    """A place that datasets come from."""

    known: ClassVar[tuple[str, ...]] = ()
    """Dataset names to propose to a person who mistyped one."""

    @abstractmethod
    def claims(self, dataset: str) -> bool:
        """Does this name belong here?"""

    @abstractmethod
    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """All splits there are; raises DataError or SpecError."""
