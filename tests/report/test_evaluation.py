"""An evaluation as tables: all classes where they are few, the worst where they are many."""

import numpy as np

from autodistill.analysis.comparison import Interval
from autodistill.analysis.evaluation import Evaluation, evaluate
from autodistill.report.evaluation import (
    calibration_line,
    classes_table,
    confusion_table,
    gain_line,
    scores_table,
    worst_table,
)


def evaluation(classes: int) -> Evaluation:
    """Ten rows of each class; of class c, c rows are predicted to be of the next one."""
    labels = np.repeat(np.arange(classes), 10)
    wrong = np.arange(len(labels)) % 10 < labels
    chosen = np.where(wrong, (labels + 1) % classes, labels)
    logits = (3 * np.eye(classes)[chosen]).astype(np.float32)
    return evaluate(logits, labels, [f"class {c}" for c in range(classes)], "macro_f1", 2)


def test_few_classes_are_all_shown_with_their_matrix() -> None:
    found = evaluation(3)

    matrix = confusion_table(found)

    assert matrix is not None
    assert matrix.texts() == (
        ("class 0", "10", "0", "0"),
        ("class 1", "0", "9", "1"),
        ("class 2", "2", "0", "8"),
    )
    assert [row[0] for row in classes_table(found).rows] == list(found.names)


def test_of_many_classes_the_worst_and_the_largest_confusions_are_shown() -> None:
    found = evaluation(20)

    classes, confusions = classes_table(found), confusion_table(found)

    assert classes.title == "The 10 classes of lowest F1, of 20"
    assert len(classes.rows) == 10
    assert confusions is not None
    assert confusions.title == "Largest confusions"
    assert confusions.texts()[0] == ("class 10", "class 11", "10", "100.0%")


def test_no_confusions_of_many_classes_are_no_table() -> None:
    labels = np.arange(20)
    names = [str(c) for c in labels]

    found = evaluate(np.eye(20, dtype=np.float32), labels, names, "accuracy", 0)

    assert confusion_table(found) is None


def test_scores_stand_beside_the_teacher_s() -> None:
    found = evaluation(3)

    alone, beside = scores_table(found), scores_table(found, found.scores)

    assert [row[0] for row in alone.rows] == ["macro F1", "accuracy"]
    assert beside.texts()[1][1] == beside.texts()[1][3] == "0.9000"


def test_a_worst_row_is_shown_on_one_line() -> None:
    found = evaluation(3)

    table = worst_table(found, range(2, 32), ["a text\nof many " + "words " * 40] * 30)

    assert table is not None
    assert (table.rows[0][0], table.rows[0][1], table.rows[0][2]) == (12, "class 1", "class 2")
    assert table.texts()[0][-1].startswith("a text of many words")
    assert len(table.texts()[0][-1]) == 60


def test_sentences_say_how_sure_it_is_and_what_it_loses() -> None:
    found = evaluation(3)

    assert "mean confidence 0.9094 at an accuracy of 0.9000: more sure" in calibration_line(
        found, 0.0094
    )
    assert gain_line(Interval(-0.01, -0.03, 0.01), 0.925, "f1") == (
        "Student less teacher, f1: -0.0100 (-0.0300 to +0.0100) on the same rows; they agree on "
        "92.5% of them"
    )
