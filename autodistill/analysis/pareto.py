"""Pareto fronts: the points that are best when no single number decides.

Points are (n, k) arrays of finite numbers, one row a point, every coordinate to be minimised.
"""

import numpy as np
from numpy.typing import NDArray


def dominated(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True where another point is no worse in anything and better in something: (n,).

    Equal points do not dominate each other.
    """
    return ranks(points) > 0


def ranks(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Front numbers: 0 for the front, 1 for the front of the rest, and so on: (n,).

    A rank is the length of the longest chain of points that ends here and in which each dominates
    the next. In lexicographic order only earlier points can dominate a later one, so one pass
    suffices however many fronts there are.
    """
    unique, places = np.unique(points, axis=0, return_inverse=True)
    columns = np.ascontiguousarray(unique.T)
    found = np.zeros(len(unique), dtype=np.int64)
    for i in range(1, len(unique)):
        dominating = np.all(columns[:, :i] <= columns[:, i : i + 1], axis=0)
        found[i] = 1 + found[:i].max(where=dominating, initial=-1)
    return found[places.reshape(-1)]


def spread_order(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices best first; any prefix spreads along the fronts it reaches: (n,).

    By rank; within a rank each next point is the one farthest from those of its rank before it. The
    first has the smallest sum of coordinates. Distances are Euclidean, coordinates are scaled to
    0..1 over all points; of equal candidates the first in the input wins.
    """
    scaled = _scaled(points) if len(points) else points
    rank = ranks(points)
    fronts = (np.flatnonzero(rank == r) for r in range(rank.max(initial=-1) + 1))
    return np.array(
        [i for front in fronts for i in front[_farthest_first(scaled[front])]], dtype=np.int64
    )


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    width = np.ptp(points, axis=0)
    scaled: NDArray[np.float64] = (points - points.min(axis=0)) / np.where(width > 0, width, 1.0)
    return scaled


def _farthest_first(points: NDArray[np.float64]) -> list[int]:
    order = [int(points.sum(axis=1).argmin())]
    distance = np.full(len(points), np.inf)
    while len(order) < len(points):
        distance = np.minimum(distance, np.linalg.norm(points - points[order[-1]], axis=1))
        distance[order[-1]] = -1.0
        order.append(int(distance.argmax()))
    return order
