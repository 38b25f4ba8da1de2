"""An evaluation as tables and lines for people."""

from collections.abc import Sequence

from autodistill.analysis.comparison import Interval
from autodistill.analysis.evaluation import Evaluation, Score
from autodistill.report.sentences import metric_name
from autodistill.report.table import Cell, Column, Table

FEW_CLASSES = 12
"""Classes up to which all of them are printed, and their whole matrix."""
SHOWN = 10
LONGEST = 60
"""Characters of a text that are printed."""


def scores_table(found: Evaluation, teacher: Sequence[Score] = ()) -> Table:
    """The scores, beside the teacher's where there are any."""
    columns = [Column("score"), Column("student", format=".4f", align="right")]
    columns.append(Column("95% interval"))
    if teacher:
        columns.append(Column("teacher", format=".4f", align="right"))
        columns.append(Column("95% interval"))
    rows: list[tuple[Cell, ...]] = []
    for place, score in enumerate(found.scores):
        both = [score, *teacher[place : place + 1]]
        cells: list[Cell] = [metric_name(score.metric)]
        for each in both:
            cells += [each.interval.value, _ends(each.interval)]
        rows.append(tuple(cells))
    return Table(f"Scores on {found.rows:,} rows", tuple(columns), tuple(rows))


def classes_table(found: Evaluation) -> Table:
    """Precision, recall, F1 and support of each class; of many classes, the worst."""
    shown = sorted(found.classes, key=lambda c: (not c.support, c.f1))
    many = len(shown) > FEW_CLASSES
    shown = shown[:SHOWN] if many else list(found.classes)
    columns = (
        Column("class"),
        *(Column(name, format=".4f", align="right") for name in ("precision", "recall", "F1")),
        *(Column(name, format=",", align="right") for name in ("rows", "predicted")),
    )
    rows: tuple[tuple[Cell, ...], ...]
    rows = tuple((c.label, c.precision, c.recall, c.f1, c.support, c.predicted) for c in shown)
    title = f"The {SHOWN} classes of lowest F1, of {len(found.classes)}" if many else "Classes"
    return Table(title, columns, rows)


def confusion_table(found: Evaluation) -> Table | None:
    """The confusion matrix; of many classes, the largest confusions; None where there are none."""
    rows: tuple[tuple[Cell, ...], ...]
    if len(found.classes) <= FEW_CLASSES:
        columns = (
            Column("label \\ prediction"),
            *(Column(name, format=",", align="right") for name in found.names),
        )
        rows = tuple((name, *(int(n) for n in row)) for name, row in zip(found.names, found.matrix))
        return Table("Confusion matrix", columns, rows)
    largest = found.confusions(SHOWN)
    columns = (
        Column("label"),
        Column("predicted as"),
        Column("rows", format=",", align="right"),
        Column("of the class", format=".1%", align="right"),
    )
    rows = tuple((c.label, c.prediction, c.rows, c.share) for c in largest)
    return Table("Largest confusions", columns, rows) if rows else None


def worst_table(found: Evaluation, where: Sequence[int], texts: Sequence[str]) -> Table | None:
    """The rows of largest loss: their place in the file, label, prediction and text."""
    columns = (
        Column("row", format="d", align="right"),
        Column("label"),
        Column("prediction"),
        Column("P(label)", format=".4f", align="right"),
        Column("loss, nats", format=".2f", align="right"),
        Column("text"),
    )
    rows = tuple(
        (where[w.place], w.label, w.prediction, w.probability, w.loss, _short(texts[w.place]))
        for w in found.worst
    )
    return Table("Rows of largest loss", columns, rows) if rows else None


def calibration_line(found: Evaluation, error: float) -> str:
    """How far probabilities may be taken at their word."""
    accuracy = next(s.interval.value for s in found.scores if s.metric == "accuracy")
    way = "more" if found.confidence > accuracy else "less"
    return (
        f"Calibration: error {error:.4f} (ECE, 15 bins), mean confidence {found.confidence:.4f} at "
        f"an accuracy of {accuracy:.4f}: {way} sure than right; cross-entropy "
        f"{found.cross_entropy:.4f}"
    )


def gain_line(gain: Interval, agreement: float, metric: str) -> str:
    """The student beside its teacher."""
    return (
        f"Student less teacher, {metric}: {gain} on the same rows; they agree on {agreement:.1%} "
        "of them"
    )


def _ends(interval: Interval) -> str:
    return f"{interval.low:.4f} to {interval.high:.4f}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 3]}..."
