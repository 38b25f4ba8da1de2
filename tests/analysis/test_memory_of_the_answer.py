"""The answer of a study with very many classes fits into a small machine."""

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from autodistill.analysis.recommendation import recommend
from autodistill.analysis.resampling import Margins, weighted_counts, weighted_margins
from autodistill.registry import families
from autodistill.report.answer import answer_of
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.records import FACTS, outcome

CLASSES, ROWS = 1000, 5000


def wide_record() -> StudyResult:
    """A study of a thousand classes with recipes, a repeat and a baseline."""
    draw = np.random.default_rng(0)
    labels = draw.integers(0, CLASSES, ROWS)

    def run(number: int, right: float, seed: int = 0, baseline: str = "") -> Trial:
        others = draw.integers(0, CLASSES, ROWS)
        predictions = np.where(draw.random(ROWS) < right, labels, others)
        made = outcome(0 if seed else number, float((predictions == labels).mean()))
        packed = as_bytes(predictions)
        return replace(made, number=number, seed=seed, baseline=baseline, predictions=packed)

    runs = [run(0, 0.8), run(1, 0.7), run(2, 0.8, seed=1), run(3, 0.6, baseline="alone")]
    return StudyResult(
        Study("wide.csv", metric="macro_f1"),
        tuple(runs),
        facts=StudyFacts(**{**FACTS, "classes": CLASSES, "selection_rows": ROWS}),
        selection=Selection(as_bytes(labels), as_bytes(labels)),
    )


def test_a_thousand_classes_do_not_ask_for_gigabytes() -> None:
    record, begin = wide_record(), time.perf_counter()

    tracemalloc.start()
    found = answer_of(record, *recommend(record, "wide"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.findings
    assert most < 500e6
    assert time.perf_counter() - begin < 60


@pytest.mark.parametrize("name", families.names("metrics"))
def test_a_score_without_matrices_is_the_score_of_the_matrices(name: str) -> None:
    draw = np.random.default_rng(1)
    labels, predictions = draw.integers(0, 90, 400), draw.integers(0, 90, 400)
    labels[:200] = predictions[:200]
    weights = draw.integers(0, 4, (7, 400)).astype(np.float64)
    metric = families.build("metrics", name, {})

    found = metric.of_rows(predictions, labels, weights)

    matrices = weighted_counts(predictions, labels, weights, 90)
    assert found == pytest.approx(metric.of_counts(matrices), abs=1e-12)


def test_margins_of_rows_are_those_of_their_confusion_matrices() -> None:
    draw = np.random.default_rng(2)
    labels, predictions = draw.integers(0, 5, 60), draw.integers(0, 5, 60)
    weights = draw.integers(0, 4, (3, 60)).astype(np.float64)

    found = weighted_margins(predictions, labels, weights, 5)

    expected = Margins.of(weighted_counts(predictions, labels, weights, 5))
    for name in ("hits", "true", "predicted", "products"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name))
