"""Fronts, checked by hand, by naive loops and by laws."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.analysis.pareto import dominated, ranks, spread_order

Points = NDArray[np.float64]

# (2, 2) beats (3, 3), which beats (5, 5); (1, 4) and (4, 1) are each best in one coordinate;
# the second (2, 2) is as good as the first.
WORKED = np.array([[1, 4], [2, 2], [4, 1], [3, 3], [5, 5], [2, 2]], dtype=np.float64)


def smooth(seed: int, n: int = 60, k: int = 3) -> Points:
    """Points of which no two share a coordinate."""
    return np.random.default_rng(seed).random((n, k))


def coarse(seed: int, n: int = 60, k: int = 3) -> Points:
    """Points with many shared coordinates and some equal points."""
    return np.random.default_rng(seed).integers(0, 4, (n, k)).astype(np.float64)


CLOUDS = [make(seed, k=k) for make in (smooth, coarse) for seed, k in enumerate((1, 2, 3, 4))]
clouds = pytest.mark.parametrize("points", CLOUDS)


def beats(a: Points, b: Points) -> bool:
    """The definition, for two points."""
    return all(x <= y for x, y in zip(a, b)) and any(x < y for x, y in zip(a, b))


def peeled(points: Points) -> list[int]:
    """Ranks by taking away one front after another."""
    found, left, rank = [-1] * len(points), set(range(len(points))), 0
    while left:
        front = {i for i in left if not any(beats(points[j], points[i]) for j in left)}
        for i in front:
            found[i] = rank
        left, rank = left - front, rank + 1
    return found


def test_worked_points_that_are_dominated() -> None:
    assert dominated(WORKED).tolist() == [False, False, False, True, True, False]


def test_worked_ranks() -> None:
    assert ranks(WORKED).tolist() == [0, 0, 0, 1, 2, 0]


def test_worked_spread_order() -> None:
    # On the front scaled sums are 1, .9, .7, 1: (4, 3) begins.
    # From there (0, 10) is .81 away, (10, 0) .67, (3, 6) .32; then (10, 0).
    points = np.array([[5, 5], [0, 10], [3, 6], [4, 3], [10, 0], [10, 10]], dtype=np.float64)

    assert spread_order(points).tolist() == [3, 1, 4, 2, 0, 5]


def test_equal_points_do_not_dominate_each_other() -> None:
    assert not dominated(np.ones((3, 2))).any()


def test_no_points_have_no_front() -> None:
    empty = np.empty((0, 3))

    assert [len(f(empty)) for f in (dominated, ranks, spread_order)] == [0, 0, 0]


@clouds
def test_dominated_is_what_the_definition_says(points: Points) -> None:
    assert dominated(points).tolist() == [any(beats(other, p) for other in points) for p in points]


@clouds
def test_ranks_are_those_of_peeling_front_after_front(points: Points) -> None:
    assert ranks(points).tolist() == peeled(points)


@clouds
def test_rank_0_is_what_is_not_dominated(points: Points) -> None:
    assert np.array_equal(ranks(points) == 0, ~dominated(points))


@clouds
def test_the_order_of_the_input_does_not_change_ranks(points: Points) -> None:
    shuffle = np.random.default_rng(9).permutation(len(points))

    assert np.array_equal(ranks(points[shuffle]), ranks(points)[shuffle])


@clouds
def test_one_more_dominated_point_leaves_the_front_as_it_is(points: Points) -> None:
    more = np.vstack([points, points[7] + 0.5])

    assert np.array_equal(dominated(more), np.append(dominated(points), True))


@clouds
def test_spread_order_names_every_point_once(points: Points) -> None:
    assert sorted(spread_order(points)) == list(range(len(points)))


@clouds
def test_spread_order_goes_front_by_front(points: Points) -> None:
    assert np.all(np.diff(ranks(points)[spread_order(points)]) >= 0)


@clouds
def test_units_do_not_change_the_order(points: Points) -> None:
    # Powers of two are exact in floating point.
    assert np.array_equal(
        spread_order(points * 2.0 ** np.arange(10, 10 + points.shape[1])), spread_order(points)
    )


def test_the_order_of_the_input_does_not_change_the_order_of_unequal_points() -> None:
    points = smooth(5)
    shuffle = np.random.default_rng(9).permutation(len(points))

    assert np.array_equal(shuffle[spread_order(points[shuffle])], spread_order(points))


@pytest.mark.parametrize("seed", range(4))
def test_each_next_point_of_a_front_is_the_farthest_from_those_before(seed: int) -> None:
    points = smooth(seed)
    points = points / points.sum(
        axis=1, keepdims=True
    )  # one front: no point of a simplex dominates another
    scaled = (points - points.min(axis=0)) / np.ptp(points, axis=0)

    order = list(spread_order(points))

    for i in range(1, len(order)):
        gaps = [min(np.linalg.norm(scaled[j] - scaled[c]) for c in order[:i]) for j in order[i:]]
        assert gaps[0] == pytest.approx(max(gaps))


def test_a_coordinate_that_never_varies_is_no_obstacle() -> None:
    points = smooth(6, k=2)

    assert np.array_equal(
        spread_order(np.column_stack([points, np.full(len(points), 3.0)])), spread_order(points)
    )
