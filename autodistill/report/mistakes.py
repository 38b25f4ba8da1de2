"""Mistakes of the recommended student on the validation rows, beside its teacher's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.study.results import StudyResult, Trial, as_classes

Classes = NDArray[np.int64]
SHOWN_CLASSES = 20


@dataclass(frozen=True)
class Mistakes:
    """One training of the recommended recipe, row by row."""

    trial: int
    labels: Classes
    student: Classes
    teacher: Classes | None
    """None where its predictions were not kept."""
    names: tuple[str, ...]
    """Names of the classes; their numbers where a study does not hold the names."""

    @property
    def matrix(self) -> NDArray[np.int64]:
        """Rows by label, down, and by the student's prediction, across."""
        count = len(self.names)
        cells = np.bincount(self.labels * count + self.student, minlength=count**2)
        return np.asarray(cells.reshape(count, count), dtype=np.int64)

    def hardest(self, most: int = SHOWN_CLASSES) -> list[int]:
        """The classes with most rows in which the student errs, in the order of the classes."""
        matrix = self.matrix
        wrong = matrix.sum(1) - np.diag(matrix)
        return sorted(int(i) for i in np.argsort(-wrong, kind="stable")[:most])


@dataclass(frozen=True)
class RowTexts:
    """The validation rows as people read them."""

    texts: tuple[str, ...]
    places: tuple[int, ...]
    """Their numbers in the file or split, from 0."""
    names: tuple[str, ...]
    """Names of the classes."""


def mistakes_of(record: StudyResult, name: str) -> Mistakes | None:
    """None for a study that did not keep predictions, or that recommends nothing yet."""
    try:
        chosen = recommend(record, name)[1].recommended
    except SpecError:
        return None
    if not chosen.predictions:
        return None
    return mistakes_of_trial(
        record,
        next(
            o
            for o in record.outcomes
            if o.number in chosen.numbers and o.predictions == chosen.predictions[0]
        ),
    )


def mistakes_of_trial(record: StudyResult, trial: Trial) -> Mistakes | None:
    """Those of one trial; None where its predictions, or the labels, were not kept."""
    selection = record.selection
    if selection is None or not selection.labels or not trial.predictions:
        return None
    labels, student = as_classes(selection.labels), as_classes(trial.predictions)
    teacher = as_classes(selection.teacher) if selection.teacher else None
    told = [each for each in (labels, student, teacher) if each is not None]
    if any(len(each) != len(labels) for each in told):
        return None
    count = max(record.facts.classes or 0, *(int(each.max(initial=0)) + 1 for each in told))
    names = selection.names if len(selection.names) == count else tuple(map(str, range(count)))
    return Mistakes(trial.number, labels, student, teacher, names)
