"""Intervals and ties against the bootstrap and the normal distribution of scipy."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from autodistill.analysis.comparison import Comparison, _add_seed_noise
from autodistill.analysis.metrics.accuracy import Accuracy
from autodistill.analysis.resampling import resampled_scores, row_weights, weighted_counts
from autodistill.analysis.row_errors import RESAMPLES, RowErrors, errors_of
from autodistill.registry import families
from autodistill.study.results import Selection, TrialGroup, as_bytes, as_classes
from tests.records import pipeline

SCORE = families.build("metrics", "accuracy", {}).of_rows


def group(
    number: int, *scores: float, row_error: float = 0.0, predictions: tuple[bytes, ...] = ()
) -> TrialGroup:
    """One pipeline's runs."""
    return TrialGroup(
        pipeline(1.0 + number),
        scores,
        tuple(range(len(scores))),
        {},
        tuple(row_error for _ in scores),
        predictions,
    )


def judged(right: "np.ndarray") -> TrialGroup:
    """One run with these rows right; every label is 0."""
    return group(
        int(right.sum()), float(right.mean()), predictions=(as_bytes((~right).astype(int)),)
    )


def test_the_error_of_a_gain_over_rows_is_the_paired_bootstrap() -> None:
    draw = np.random.default_rng(0)
    a = draw.random(2000) < 0.9
    b = a & (draw.random(2000) < 0.95)  # wrong wherever a is, and on some more
    known = Selection(as_bytes(np.zeros(2000, dtype=int)))

    noise = RowErrors.seen([judged(a), judged(b)], SCORE, known, draw).noise

    expected = stats.bootstrap(
        (a * 1.0, b * 1.0),
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        paired=True,
        method="basic",
        rng=1,
    )
    assert (noise[:, 0] - noise[:, 1]).std() == pytest.approx(
        float(expected.standard_error), rel=0.06
    )
    assert expected.standard_error < 0.6 * np.sqrt(
        (a.var() + b.var()) / 2000
    )  # what unpaired rows would give


def test_a_gain_is_less_sure_than_its_rows_because_seeds_vary_too() -> None:
    seen = Comparison(
        [group(0, 0.9, 0.9, row_error=0.01), group(1, 0.8, 0.84, row_error=0.01)], SCORE, None
    )

    found = seen.gain(0, 1)

    assert found.value == pytest.approx(0.08)
    assert found.low < 0.08 - 1.96 * np.sqrt(2) * 0.01
    assert 0.95 < seen.probably_better(0, 1) < 1


def test_rows_that_flip_by_chance_are_counted_once() -> None:
    draw = np.random.default_rng(2)
    right = np.arange(2000) < 1600

    def flipping(number: int) -> TrialGroup:
        runs = [
            np.where(np.arange(2000) < 400, draw.random(2000) < 0.5, right) for _ in range(6)
        ]  # 400 rows are a coin's throw
        return group(
            number,
            *(float(r.mean()) for r in runs),
            predictions=tuple(as_bytes((~r).astype(int)) for r in runs),
        )

    groups = [flipping(0), flipping(1)]
    rows = RowErrors.seen(groups, SCORE, Selection(as_bytes(np.zeros(2000, dtype=int))), draw)

    one_run = 400 * 0.25 / 2000**2  # variance of a binomial share
    assert rows.flips == pytest.approx(one_run, rel=0.15)
    assert rows.prior**2 == pytest.approx(one_run, rel=0.3)

    def seeds(of: RowErrors) -> float:
        noise = np.zeros((RESAMPLES, 2))
        _add_seed_noise(noise, groups, of, np.random.default_rng(0))
        return float(noise.std())

    counted_twice = replace(rows, flips=np.zeros(2))
    assert seeds(rows) < 0.8 * seeds(counted_twice)


def test_the_best_of_several_is_expected_to_have_been_lucky() -> None:
    seen = Comparison([group(i, 0.9, 0.9, row_error=0.01) for i in range(4)], SCORE, None)

    picked = seen.gain(0, 3, best_of=(0, 1, 2))

    assert picked.value == seen.gain(0, 3).value == 0
    assert picked.low < seen.gain(0, 3).low
    assert picked.high < seen.gain(0, 3).high
    # of four equal arms each is the best equally often
    assert seen.probably_better(0, 3, best_of=(0, 1, 2)) == pytest.approx(0.25, abs=0.04)
    assert seen.probably_better(0, 3) == pytest.approx(0.5, abs=0.04)


def test_counts_are_confusion_matrices_of_the_drawn_rows() -> None:
    predictions, labels = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])

    counts = weighted_counts(predictions, labels, np.array([[1.0, 1, 1, 1], [2, 0, 0, 2]]), 3)

    assert counts[0].tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 0]]
    assert counts[1].tolist() == [[2, 0, 0], [0, 0, 2], [0, 0, 0]]


def test_each_resample_draws_as_many_rows_as_there_are() -> None:
    assert set(row_weights(30, 7, np.random.default_rng(0)).sum(axis=1)) == {30.0}


def test_an_interval_without_predictions_is_normal_over_rows_and_wider_by_the_unknown_seeds() -> (
    None
):
    low, high = stats.norm.interval(0.95, 0.9, 0.01)

    found = Comparison([group(0, 0.9, row_error=0.01)], SCORE, None).interval(0)

    assert found.value == 0.9
    assert found.low < low
    assert found.high > high
    assert found.high - found.low < 3 * (high - low)


def test_a_perfect_score_is_not_known_for_sure() -> None:
    right = np.ones(50, dtype=bool)

    found = Comparison(
        [judged(right)], SCORE, Selection(as_bytes(np.zeros(50, dtype=int)))
    ).interval(0)

    assert found.low < 1.0


def test_the_best_is_always_in_the_ties_and_a_clearly_worse_arm_never() -> None:
    groups = [
        group(0, 0.90, 0.901, row_error=0.005),
        group(1, 0.899, 0.902, row_error=0.005),
        group(2, 0.70, 0.701, row_error=0.005),
    ]

    assert sorted(Comparison(groups, SCORE, None).ties()) == [0, 1]
    assert sorted(Comparison(groups[::-1], SCORE, None).ties()) == [1, 2]
    assert Comparison(groups[2:], SCORE, None).ties() == [0]


def test_the_gap_closed_is_the_share_of_the_way_from_the_control_to_the_teacher() -> None:
    # control 0.5, arm 0.8, teacher 0.9 of 400 rows: (0.8 - 0.5) / (0.9 - 0.5) = 0.75
    def first(share: float) -> "np.ndarray":
        return np.arange(400) < share * 400

    known = Selection(as_bytes(np.zeros(400, dtype=int)), as_bytes((~first(0.9)).astype(int)))
    seen = Comparison([judged(first(0.8)), judged(first(0.5))], SCORE, known)
    closed = seen.gap_closed(0, 1)

    assert closed is not None
    assert closed.value == pytest.approx(0.75)
    assert 0.5 < closed.low < 0.75 < closed.high < 1.2
    assert (
        Comparison([judged(first(0.95)), judged(first(0.9))], SCORE, known).gap_closed(0, 1) is None
    )  # no gap to close


def test_many_runs_are_scored_together_as_one_by_one() -> None:
    draw = np.random.default_rng(0)
    labels, runs = draw.integers(0, 5, 300), [draw.integers(0, 5, 300) for _ in range(600)]
    metric = Accuracy()

    together = resampled_scores(runs, labels, metric.of_rows, 40, np.random.default_rng(1))
    single = resampled_scores(
        runs, labels, lambda *each: metric.of_rows(*each), 40, np.random.default_rng(1)
    )

    assert (together == single).all()


def test_groups_that_are_compared_in_little_memory_have_the_errors_of_all_at_once() -> None:
    draw, rows = np.random.default_rng(5), 200
    groups = [
        group(n, *([0.8] * runs), predictions=tuple(as_bytes(p) for p in drawn(draw, runs, rows)))
        for n, runs in enumerate((1, 3, 1, 2, 1))
    ]
    known = Selection(as_bytes(np.zeros(rows, dtype=int)), as_bytes(drawn(draw, 1, rows)[0]))

    seen = Comparison(groups, SCORE, known, seed=3)

    again = np.random.default_rng(3)
    runs = [as_classes(p) for g in groups for p in (*g.predictions,)]
    scores = resampled_scores(
        [*runs, as_classes(known.teacher)], np.zeros(rows, dtype=int), SCORE, RESAMPLES, again
    )
    single = np.split(errors_of(scores[:-1]), [1, 4, 5, 7])
    noise = np.stack([each.mean(axis=0) for each in single], axis=1)
    noise += again.normal(size=noise.shape) / rows
    flips = [each.var(axis=0, ddof=1).mean() if len(each) > 1 else 0.0 for each in single]
    firsts = np.stack([each[0] for each in single])
    apart = np.array([(a - b).var() / 2 for i, a in enumerate(firsts) for b in firsts[i + 1 :]])
    rows_seen = RowErrors(noise, np.array(flips), float(np.sqrt(np.median(apart))))
    _add_seed_noise(noise, groups, rows_seen, again)
    np.testing.assert_allclose(seen.noise, noise, rtol=1e-9)
    assert seen.teacher == scores[-1, 0]
    luckiest = np.array([np.delete(noise, i, axis=1).max(axis=1) - noise[:, i] for i in range(5)])
    assert set(seen.ties(0.6)) == {i for i in range(5) if np.quantile(luckiest[i], 0.6) >= 0}


def drawn(draw: np.random.Generator, runs: int, rows: int) -> "np.ndarray":
    """Predictions of so many runs, four of five right."""
    return (draw.random((runs, rows)) < 0.2).astype(int)
