"""Tables of mistakes, each beside a count over the rows."""

from collections import Counter
from dataclasses import replace

import pytest

from autodistill.report.mistakes import (
    Mistakes,
    RowTexts,
    classes_table,
    confusions_table,
    disagreement_table,
    mistakes_of,
    texts_table,
)
from tests.report.studied import LABELS, NAMES, ROWS, answers, studied

FRESH_RUN = 2
"""The trial of the small student with a fresh seed, which counts instead of the first."""


@pytest.fixture
def found() -> Mistakes:
    """The mistakes of the small student."""
    made = mistakes_of(studied(), "films")
    assert made is not None
    return made


def test_the_matrix_counts_the_rows_of_each_label_and_prediction(found: Mistakes) -> None:
    counted = Counter(zip(LABELS.tolist(), answers(0.86, FRESH_RUN).tolist()))

    assert found.trial == FRESH_RUN
    assert {
        (i, j): int(n) for i, row in enumerate(found.matrix) for j, n in enumerate(row) if n
    } == counted


def test_it_counts_who_is_right_where_student_and_teacher_differ(found: Mistakes) -> None:
    rows = list(zip(LABELS, answers(0.86, FRESH_RUN), answers(0.9, 99)))

    table = disagreement_table(found)

    assert table is not None
    counts = {str(row[0]): int(row[1] or 0) for row in table.rows}
    assert counts["both right"] == sum(y == s == t for y, s, t in rows)
    assert counts["only the teacher right"] == sum(y == t != s for y, s, t in rows)
    assert sum(counts.values()) == ROWS


def test_the_worst_class_stands_first_with_what_student_and_teacher_find_of_it(
    found: Mistakes,
) -> None:
    table = classes_table(found)

    shares = {}
    for place, name in enumerate(NAMES):
        own = [s for y, s in zip(LABELS, answers(0.86, FRESH_RUN)) if y == place]
        shares[name] = sum(s == place for s in own) / len(own)
    assert [row[0] for row in table.rows] == sorted(NAMES, key=lambda name: shares[name])
    assert {row[0]: row[2] for row in table.rows} == pytest.approx(shares)


def test_the_largest_confusion_says_how_often_the_teacher_makes_it(found: Mistakes) -> None:
    table = confusions_table(found)

    assert table is not None
    label, said, rows, _, teacher = table.rows[0]
    true, wrong = NAMES.index(str(label)), NAMES.index(str(said))
    both = [
        t
        for y, s, t in zip(LABELS, answers(0.86, FRESH_RUN), answers(0.9, 99))
        if y == true and s == wrong
    ]
    assert rows == len(both)
    assert teacher == sum(t == wrong for t in both)


def test_texts_begin_with_rows_that_the_teacher_gets_right(found: Mistakes) -> None:
    texts, places = tuple(f"text {i}" for i in range(ROWS)), tuple(range(1000, 1000 + ROWS))
    known = RowTexts(texts, places, NAMES)

    table = texts_table(found, known)

    assert table is not None
    place = int(str(table.rows[0][0])) - 1000
    assert table.rows[0][-1] == f"text {place}"
    assert answers(0.86, FRESH_RUN)[place] != LABELS[place] == answers(0.9, 99)[place]


def test_a_study_that_kept_no_predictions_has_no_such_part() -> None:
    assert mistakes_of(replace(studied(), selection=None), "films") is None


def test_classes_of_a_study_without_their_names_are_numbers() -> None:
    record = studied()
    assert record.selection is not None

    made = mistakes_of(replace(record, selection=replace(record.selection, names=())), "films")

    assert made is not None
    assert made.names == ("0", "1", "2")
