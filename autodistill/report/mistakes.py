"""Mistakes of the recommended student on the validation rows, beside its teacher's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.report.table import Cell, Column, Table
from autodistill.study.results import StudyResult, Trial, as_classes

Classes = NDArray[np.int64]
SHOWN_CLASSES, SHOWN_CONFUSIONS, SHOWN_TEXTS, LONGEST = 20, 12, 20, 200


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


def classes_table(found: Mistakes) -> Table:
    """How well each class is found, the worst first."""
    columns = (
        Column("class"),
        _count("rows"),
        _share("found by student"),
        _share("by teacher"),
        _share("predictions right"),
        _share("student and teacher agree"),
    )
    rows = []
    for place, name in enumerate(found.names):
        own, said = found.labels == place, found.student == place
        if not own.any():
            continue
        teacher = found.teacher
        cells: tuple[Cell, ...] = (
            name,
            int(own.sum()),
            float(said[own].mean()),
            None if teacher is None else float((teacher[own] == place).mean()),
            float(own[said].mean()) if said.any() else None,
            None if teacher is None else float((teacher[own] == found.student[own]).mean()),
        )
        rows.append((float(said[own].mean()), cells))
    rows.sort(key=lambda pair: pair[0])
    shown = tuple(cells for _, cells in rows[:SHOWN_CLASSES])
    title = (
        f"The {len(shown)} worst of {len(rows)} classes" if len(rows) > len(shown) else "Classes"
    )
    note = (
        "found: share of a class's rows that are predicted to be of it (recall); predictions "
        "right: share of the predictions of a class that are right (precision)."
    )
    return Table(title, columns, shown, note).without_empty_columns()


def disagreement_table(found: Mistakes) -> Table | None:
    """Rows by who is right, student or teacher; None where the teacher's answers are not known."""
    if found.teacher is None:
        return None
    ours, theirs = found.student == found.labels, found.teacher == found.labels
    same = found.student == found.teacher
    counts = {
        "both right": ours & theirs,
        "only the student right": ours & ~theirs,
        "only the teacher right": ~ours & theirs,
        "both wrong, with the same class": ~ours & ~theirs & same,
        "both wrong, with different classes": ~ours & ~theirs & ~same,
    }
    columns = (Column("who is right"), _count("rows"), _share("of all"))
    rows = tuple((name, int(each.sum()), float(each.mean())) for name, each in counts.items())
    return Table("Student and teacher", columns, rows)


def confusions_table(found: Mistakes) -> Table | None:
    """The largest confusions, and how often the teacher makes the same ones; None without any."""
    apart = found.matrix - np.diag(np.diag(found.matrix))
    order = np.argsort(-apart, axis=None, kind="stable")[:SHOWN_CONFUSIONS]
    pairs = [divmod(int(i), len(found.names)) for i in order]
    columns = (
        Column("label"),
        Column("student predicts"),
        _count("rows"),
        _share("of the class"),
        _count("teacher does so, too"),
    )
    rows = []
    for label, said in pairs:
        if not apart[label, said]:
            continue
        own = (found.labels == label) & (found.student == said)
        also = None if found.teacher is None else int((found.teacher[own] == said).sum())
        share = float(own.sum() / (found.labels == label).sum())
        rows.append((found.names[label], found.names[said], int(own.sum()), share, also))
    table = Table("Largest confusions", columns, tuple(rows))
    return table.without_empty_columns() if rows else None


def texts_table(found: Mistakes, known: RowTexts) -> Table | None:
    """Rows that the student gets wrong, those first that the teacher gets right."""
    names = known.names
    wrong = np.flatnonzero(found.student != found.labels)
    if not len(wrong):
        return None
    lost = np.zeros(len(wrong)) if found.teacher is None else found.teacher[wrong]
    order = np.argsort(lost != found.labels[wrong], kind="stable")
    shown = [int(i) for i in wrong[order][:SHOWN_TEXTS]]
    columns = (
        Column("row", format="d", align="right"),
        Column("label"),
        Column("student"),
        Column("teacher"),
        Column("text", is_long=True),
    )
    rows = tuple(
        (
            known.places[i],
            names[found.labels[i]],
            names[found.student[i]],
            None if found.teacher is None else names[found.teacher[i]],
            _short(known.texts[i]),
        )
        for i in shown
    )
    note = (
        f"{len(shown)} of {len(wrong):,} wrong rows; those first in which the teacher is right. "
        "row: its number in the file or split, from 0."
    )
    return Table("Rows that the student gets wrong", columns, rows, note).without_empty_columns()


def _count(name: str) -> Column:
    return Column(name, format=",", align="right")


def _share(name: str) -> Column:
    return Column(name, format=".1%", align="right")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 3]}..."
