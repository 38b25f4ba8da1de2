"""Interface of this family: claim a dataset by name, read it into splits."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from autodistill.datasets._images import Deep

Label = str | int | float | bool | None
"""A label as written: a name or a number; None where it is missing."""


@dataclass(frozen=True)
class ReadOptions:
    """Options a user may give for reading a dataset."""

    data_root: Path | None = None
    """A folder of datasets, searched before the hub."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column names for `text`, `pair` and `label`, where they cannot be inferred."""
    own_pool: bool = True
    """Whether a split of unlabelled rows is read, too."""
    beside: "RawSplit | None" = None
    """The train rows beside which unlabelled ones are read; None for a labelled dataset.

    Every split is read then, and no label.
    """


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
    images: Sequence[Deep] | None = None
    """Images, each (height, width, 3), or still of more than 8 bits (see `_depth`).

    `texts` then holds their names.
    """
    text_column: str = ""
    """The column of the texts, where they come from a table."""
    pair_column: str | None = None
    origin: Sequence[int] | None = None
    """Place of each row in the split as the source holds it, from 0; None for all in order."""

    def take(self, places: Sequence[int]) -> "RawSplit":
        """The rows at these places."""
        return replace(
            self,
            texts=[self.texts[i] for i in places],
            pairs=self.pairs and [self.pairs[i] for i in places],
            labels=self.labels and [self.labels[i] for i in places],
            rows=[self.rows[i] for i in places],
            images=self.images and [self.images[i] for i in places],
            origin=[i if self.origin is None else self.origin[i] for i in places],
        )


@dataclass(frozen=True)
class Splits:
    """A dataset as its source offers it."""

    splits: Mapping[str, RawSplit]
    """Splits by role: train and, where available, validation, test and unlabelled.

    Under `ReadOptions.beside`, all of them by their own names.
    """
    source: str
    """The place the rows were read from, for people."""
    label_names: tuple[str, ...] = ()
    """Names of the labels 0, 1, ... as declared; empty to take them from the rows."""
    metric: str = "accuracy"
    """The customary metric of this dataset."""
    notes: tuple[str, ...] = ()


class Source(ABC):
    """A place that datasets come from."""

    known: ClassVar[tuple[str, ...]] = ()
    """Dataset names to suggest to a user who mistyped one."""

    @abstractmethod
    def claims(self, dataset: str) -> bool:
        """Whether this source is responsible for the name."""

    def lacks(self, dataset: str) -> str:
        """The message where a glance shows that nothing of this name is there; else empty."""
        return ""

    @abstractmethod
    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """All available splits; raises DataError or SpecError."""
