"""Scores of predictions by class, confusions and worst rows, with numbers worked out by hand."""

import math

import numpy as np
import pytest

from autodistill.analysis.evaluation import evaluate, gain

NAMES = ("a", "b", "c")
LABELS = np.array([0, 0, 0, 0, 1, 1, 2])
CHOSEN = np.array([0, 0, 0, 1, 1, 0, 0])
LOGITS = (4 * np.eye(3)[CHOSEN]).astype(np.float32)


def test_classes_by_hand() -> None:
    found = evaluate(LOGITS, LABELS, NAMES, "accuracy", 0)

    a, b, c = found.classes
    assert (a.precision, a.recall, a.support, a.predicted) == (3 / 5, 3 / 4, 4, 5)
    assert a.f1 == pytest.approx(2 * 3 / (4 + 5))
    assert (b.precision, b.recall, b.support) == (1 / 2, 1 / 2, 2)
    assert (c.precision, c.recall, c.f1, c.support, c.predicted) == (0.0, 0.0, 0.0, 1, 0)


def test_scores_have_intervals_around_them_and_each_metric_stands_once() -> None:
    found = evaluate(LOGITS, LABELS, NAMES, "macro_f1", 0)

    values = {s.metric: s.interval for s in found.scores}
    assert list(values) == ["macro_f1", "accuracy"]
    assert values["accuracy"].value == 4 / 7
    assert values["accuracy"].low < 4 / 7 < values["accuracy"].high <= 1


def test_confusions_are_counted_from_the_largest() -> None:
    found = evaluate(LOGITS, LABELS, NAMES, "accuracy", 0)

    assert found.matrix.tolist() == [[3, 1, 0], [1, 1, 0], [1, 0, 0]]
    first = found.confusions(2)
    assert [(c.label, c.prediction, c.rows, c.share) for c in first] == [
        ("a", "b", 1, 0.25),
        ("b", "a", 1, 0.5),
    ]
    assert len(found.confusions(10)) == 3


def test_the_worst_rows_have_the_largest_loss() -> None:
    logits = LOGITS.copy()
    logits[6] = [9.0, 0.0, 0.0]

    found = evaluate(logits, LABELS, NAMES, "accuracy", 2)

    worst = found.worst[0]
    assert (worst.place, worst.label, worst.prediction) == (6, "c", "a")
    assert worst.loss == pytest.approx(math.log(math.exp(9) + 2))
    assert worst.probability == pytest.approx(1 / (math.exp(9) + 2))
    assert found.worst[1].place == 3
    assert found.confidence < 1


def test_a_class_without_rows_is_no_error() -> None:
    found = evaluate(LOGITS[:4], LABELS[:4], NAMES, "accuracy", 1)

    assert found.classes[2].support == 0
    assert found.confusions(5)[0].rows == 1


def test_a_gain_over_itself_is_nothing_and_over_a_worse_one_is_shown() -> None:
    labels = np.tile([0, 1], 100)
    good = np.eye(2, dtype=np.float32)[labels]

    same, over = (gain(good, other, labels, "accuracy") for other in (good, good[::-1]))

    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    assert over.value == 1.0
    assert over.low > 0.5
