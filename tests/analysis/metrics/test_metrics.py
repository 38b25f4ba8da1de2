"""Each metric on numbers counted by hand."""

import math

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

from autodistill.registry import families

# predicted 1 1 1 0 0 0, true 1 1 0 1 0 0: TP 2, FP 1, FN 1, TN 2
PREDICTED, TRUE = np.array([1, 1, 1, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0])
WORKED = {
    "accuracy": 4 / 6,
    "agreement": 4 / 6,
    "f1": 2 * 2 / (2 * 2 + 1 + 1),
    "macro_f1": (4 / 6 + 4 / 6) / 2,
    "matthews": (2 * 2 - 1 * 1) / math.sqrt(3 * 3 * 3 * 3),
    "pearson": (2 * 2 - 1 * 1) / math.sqrt(3 * 3 * 3 * 3),  # of two classes the same
}
EVERY = families.names("metrics")


@pytest.mark.parametrize("name", EVERY)
def test_worked_number(name: str) -> None:
    assert families.get("metrics", name)()(PREDICTED, TRUE) == pytest.approx(WORKED[name])


@pytest.mark.parametrize("name", EVERY)
def test_perfect_is_one(name: str) -> None:
    score = families.get("metrics", name)()(TRUE, TRUE)

    assert type(score) is float
    assert score == 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [("accuracy", 0.5), ("f1", 0.0), ("macro_f1", 1 / 3), ("matthews", 0.0), ("pearson", 0.0)],
)
def test_a_constant_prediction_is_finite_and_warns_of_nothing(
    name: str, value: float, recwarn: pytest.WarningsRecorder
) -> None:
    # all 0 on three of each: class 0 has precision 3/6, recall 1, F1 2/3; class 1 has F1 0
    assert families.get("metrics", name)()(np.zeros(6, dtype=np.int64), TRUE) == pytest.approx(
        value
    )
    assert not recwarn.list


def test_macro_f1_weighs_a_rare_class_as_much_as_a_frequent_one() -> None:
    predicted, true = np.array([0, 0, 0, 0, 1, 0]), np.array([0, 0, 0, 0, 1, 2])

    # class 0: 2*4/(2*4+1+0) = 8/9; class 1: 1; class 2: 0
    assert families.get("metrics", "macro_f1")()(predicted, true) == pytest.approx(
        (8 / 9 + 1 + 0) / 3
    )


SKLEARN = {
    "accuracy": accuracy_score,
    "agreement": accuracy_score,
    "f1": f1_score,
    "macro_f1": lambda true, guessed: f1_score(true, guessed, average="macro", zero_division=0),
    "matthews": matthews_corrcoef,
    "pearson": lambda true, guessed: np.corrcoef(true, guessed)[0, 1],
}


@pytest.mark.parametrize(
    ("name", "classes"), [(n, c) for n in EVERY for c in (2, 5) if (n, c) != ("f1", 5)]
)
def test_equals_scikit_learn(name: str, classes: int) -> None:
    draw = np.random.default_rng(classes)
    true, guessed = draw.integers(0, classes, 200), draw.integers(0, classes, 200)

    assert families.get("metrics", name)()(guessed, true) == pytest.approx(
        SKLEARN[name](true, guessed), abs=1e-12
    )


@pytest.mark.parametrize("name", EVERY)
def test_many_confusion_matrices_at_once_give_each_its_own_value(name: str) -> None:
    counts = np.random.default_rng(0).integers(0, 20, (4, 3, 2, 2)).astype(np.float64)
    metric = families.get("metrics", name)()

    together = metric.of_counts(counts)

    assert together.shape == (4, 3)
    assert together[2, 1] == pytest.approx(float(metric.of_counts(counts[2, 1])))


def test_pearson_is_that_of_numpy_on_a_scale_of_many_steps() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 21, 500)
    predictions = np.clip(labels + draw.integers(-3, 4, 500), 0, 20)

    assert families.get("metrics", "pearson")()(predictions, labels) == pytest.approx(
        np.corrcoef(predictions, labels)[0, 1]
    )


def test_on_a_scale_the_expected_place_is_judged_and_elsewhere_the_first_class() -> None:
    logits = np.log(np.array([[0.4, 0.05, 0.05, 0.2, 0.3]]))  # expected place 1.95

    assert families.get("metrics", "pearson")().decide(logits).tolist() == [2]
    assert families.get("metrics", "accuracy")().decide(logits).tolist() == [0]
