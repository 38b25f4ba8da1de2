"""Seeded draws of rows that keep the share of every class."""

import numpy as np
from numpy.typing import NDArray

SHARE = 0.2
MAX_SELECTION = 2000


def draw(
    labels: NDArray[np.int64], size: int, seed: tuple[int, int], keep: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of about `size` drawn rows, and of the others, both in order.

    Every class is drawn in proportion, at least once and never down to fewer than `keep` rows.
    scikit-learn's stratified split promises neither: it refuses a class with one row.
    """
    counts = np.bincount(labels)
    room = np.maximum(counts - keep, 0)
    ideal = counts * size / len(labels)
    take = np.minimum(np.maximum(np.floor(ideal).astype(np.int64), 1), room)
    while take.sum() < min(size, room.sum()):
        take[np.argmax(np.where(take < room, ideal - take, -np.inf))] += 1
    while take.sum() > size and (take > 1).any():
        take[np.argmax(np.where(take > 1, take - ideal, -np.inf))] -= 1
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(labels == c))[:n] for c, n in enumerate(take)]
    chosen = np.sort(np.concatenate(drawn))
    return chosen, np.setdiff1d(np.arange(len(labels)), chosen)


def selection_size(rows: int) -> int:
    """Number of train rows to set aside as validation rows."""
    return min(round(rows * SHARE), MAX_SELECTION)
