"""Regret without luck, on answers whose truth is known."""

import numpy as np
import pytest

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from benchmarks.halves import on_other_half

ROWS = 400


def record(*errors: float, seed: int = 0) -> StudyResult:
    """One pipeline for each share of rows that it answers wrongly, rows at random."""
    draw, labels = np.random.default_rng(seed), np.zeros(ROWS, dtype=np.int64)
    outcomes = []
    for number, share in enumerate(errors):
        pipeline = Pipeline(
            Part("cut", {"keep": 0.5}),
            (Term(Part("ce"), 1.0),),
            Part("adamw", {"lr": 1e-4 * (number + 1)}),
        )
        predictions = (draw.random(ROWS) < share).astype(np.int64)
        outcomes.append(
            Trial(
                number,
                pipeline,
                0,
                "complete",
                float((predictions == 0).mean()),
                predictions=as_bytes(predictions),
            )
        )
    return StudyResult(
        Study("set", metric="accuracy"),
        tuple(outcomes),
        1.0,
        selection=Selection(as_bytes(labels), b""),
    )


def keys(of: StudyResult) -> list[str]:
    return [o.pipeline.key for o in of.outcomes]


@pytest.mark.slow
def test_among_equals_nothing_is_lost_while_the_plain_regret_is_large() -> None:
    """Thirty pipelines of the same truth.

    The luckiest is two deviations above; on other rows it is not.
    """
    regrets, plain = [], []
    for seed in range(20):
        equals = record(*[0.3] * 30, seed=seed)
        (found,) = on_other_half(equals, keys(equals), [np.array([0])])
        regrets.append(found.regret_1)
        scores = [o.score for o in equals.outcomes if o.score is not None]
        plain.append(max(scores) - scores[0])

    assert np.mean(plain) > 0.03
    assert np.mean(regrets) == pytest.approx(0.0, abs=0.012)


def test_what_is_truly_worse_is_so_on_other_rows() -> None:
    known = record(0.1, 0.3, 0.3, 0.5)
    one, all_of_them = on_other_half(known, keys(known), [np.array([1, 2]), np.array([3, 0, 1, 2])])

    assert one.regret_1 == pytest.approx(0.2, abs=0.05)
    assert one.share_1 == pytest.approx(0.5, abs=0.1)
    assert all_of_them.regret_5 == 0.0
    assert all_of_them.regret_1 == pytest.approx(0.4, abs=0.05)
