"""Tables of a student's mistakes: classes, confusions, disagreements, texts."""

import numpy as np

from autodistill.report.mistakes import SHOWN_CLASSES, Mistakes, RowTexts
from autodistill.report.table import Cell, Column, Table

SHOWN_CONFUSIONS, SHOWN_TEXTS, LONGEST = 12, 20, 200


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
