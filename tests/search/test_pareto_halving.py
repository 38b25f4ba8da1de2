"""Which runs go on when several goals count. Vectors are minimised."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.analysis.pareto import ranks
from autodistill.search.pareto_halving import ParetoHalving

Vectors = list[tuple[float, ...]]
Stops = Callable[[int, int, tuple[float, ...]], bool]


def vectors(seed: int, n: int = 40) -> Vectors:
    """Random vectors of three goals; some are equal."""
    return [
        tuple(row)
        for row in np.random.default_rng(seed).integers(0, 6, (n, 3)).astype(float).tolist()
    ]


def answers(halving: ParetoHalving, found: Vectors, first: int = 0) -> list[bool]:
    """Whether each is stopped as they report one after another, numbered from `first`."""
    return [halving.report(number, 1, vector) for number, vector in enumerate(found, first)]


def test_the_first_to_arrive_go_on_however_bad_and_then_one_in_so_many() -> None:
    assert answers(
        ParetoHalving(reduction=4), [(1.0, 1.0), (5.0, 5.0), (9.0, 9.0), (2.0, 2.0)]
    ) == [False, False, False, True]


def test_a_dominated_run_is_stopped() -> None:
    assert answers(ParetoHalving(), [(1.0, 1.0), (2.0, 1.0)]) == [False, True]


def test_a_run_that_dominates_goes_on() -> None:
    assert answers(ParetoHalving(), [(2.0, 1.0), (1.0, 1.0)]) == [False, False]


def test_both_ends_of_a_front_go_on_and_the_middle_waits_its_turn() -> None:
    # Half of four is two: scaled to 0..1 the sums are 1, .9, .7, 1, so (4, 3) is first,
    # and (0, 10) the farthest from it.
    front = [(10.0, 0.0), (3.0, 6.0), (4.0, 3.0), (0.0, 10.0)]
    halving = ParetoHalving()
    halving.restore((n, 1, v) for n, v in enumerate(front))

    assert [halving.report(n, 1, v) for n, v in enumerate(front)] == [True, True, False, False]


def test_a_step_is_judged_by_those_that_reached_it() -> None:
    halving = ParetoHalving()
    answers(halving, [(1.0, 1.0), (1.0, 1.0)])

    assert not halving.report(2, 2, (9.0, 9.0))


def test_a_second_report_at_a_step_replaces_the_first() -> None:
    halving = ParetoHalving()
    halving.report(0, 1, (1.0, 1.0))
    halving.report(0, 1, (5.0, 5.0))

    assert not halving.report(1, 1, (3.0, 3.0))


def test_a_run_is_no_peer_of_its_own_earlier_report() -> None:
    halving = ParetoHalving()
    halving.report(0, 1, (1.0, 1.0))

    assert not halving.report(0, 1, (5.0, 5.0))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_vector_that_is_not_finite_stops_its_run_and_judges_no_other(bad: float) -> None:
    assert answers(ParetoHalving(), [(bad, 1.0), (2.0, 2.0), (1.0, 1.0)]) == [True, False, False]


@pytest.mark.parametrize("seed", range(4))
def test_a_run_on_the_front_goes_on_while_the_front_fits_its_half(seed: int) -> None:
    found = vectors(seed)

    for n, stopped in enumerate(answers(ParetoHalving(), found)):
        rank = ranks(np.array(found[: n + 1]))
        if rank[n] == 0 and np.sum(rank == 0) <= (n + 1) // 2:
            assert not stopped


@pytest.mark.parametrize("seed", range(4))
def test_a_run_with_half_the_runs_on_better_fronts_is_stopped(seed: int) -> None:
    found = vectors(seed)

    for n, stopped in enumerate(answers(ParetoHalving(), found)):
        rank = ranks(np.array(found[: n + 1]))
        if n and np.sum(rank < rank[n]) >= (n + 1) // 2:
            assert stopped


def test_of_equal_runs_the_lower_number_goes_on_whoever_reports_first() -> None:
    halving = ParetoHalving()
    halving.report(1, 1, (1.0, 1.0))

    assert [halving.report(n, 1, (1.0, 1.0)) for n in (0, 1)] == [False, True]


@pytest.mark.parametrize("reduction", [2, 3])
def test_restored_it_answers_as_if_it_had_lived_through_it(reduction: int) -> None:
    before, after = vectors(1), vectors(2)
    lived, restored = ParetoHalving(reduction), ParetoHalving(reduction)
    answers(lived, before)

    restored.restore([(n, 1, v) for n, v in enumerate(before)][::-1])

    assert answers(restored, after, len(before)) == answers(lived, after, len(before))


def test_what_is_restored_and_not_finite_judges_no_other() -> None:
    halving = ParetoHalving()
    halving.restore([(0, 1, (math.nan, 1.0))])

    assert not halving.report(1, 1, (3.0, 3.0))


def test_units_do_not_change_answers() -> None:
    found = vectors(3)

    assert answers(ParetoHalving(), [(a, b * 1024, c * 2**30) for a, b, c in found]) == answers(
        ParetoHalving(), found
    )


STEPS = (1, 2, 4)


def simulate(seed: int, stops: Stops, epochs: int = 240) -> float:
    """Share of the space of goals that random search dominates.

    It counts the true values of the runs that are trained to the end. Eight sizes of student; a
    larger one is slower and better; recipes add up to .25 of error. Curves fall exponentially at a
    rate of their own, and are seen with a noise of .02.
    """
    draw = np.random.default_rng(seed)
    size = draw.choice(np.linspace(0.05, 1, 8), epochs)
    error = 0.08 + 0.15 * np.exp(-3 * size) + 0.25 * draw.beta(1, 2, epochs)
    rate = draw.uniform(0.6, 1.6, (epochs, 1))
    curves = error[:, None] + draw.uniform(0.2, 0.4, (epochs, 1)) * (
        np.exp(-np.array(STEPS) / rate) - np.exp(-4 / rate)
    )
    seen = curves + draw.normal(0, 0.02, curves.shape)
    truth = np.column_stack([error, 1 + 9 * size, size**2])
    done, number = [], 0
    while epochs >= STEPS[-1]:
        ended = next(
            (
                s
                for s, e in zip(STEPS, seen[number])
                if stops(number, s, (float(e), *truth[number, 1:].tolist()))
            ),
            STEPS[-1],
        )
        epochs -= ended
        done += [number] if ended == STEPS[-1] else []
        number += 1
    return dominated_share(truth[done], draw.random((1000, 3)) * (0.6, 12, 1.2))


def dominated_share(points: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    """Hypervolume by counting."""
    return float(np.mean(np.any(np.all(points[None] <= places[:, None], axis=2), axis=1)))


@pytest.mark.slow
def test_at_equal_epochs_the_front_is_better_than_that_of_full_training() -> None:
    # A mean over 16 searches; one search alone may be unlucky.
    full = [simulate(seed, lambda number, step, vector: False) for seed in range(16)]
    halved = [simulate(seed, ParetoHalving().report) for seed in range(16)]

    assert np.mean(halved) > np.mean(full)
