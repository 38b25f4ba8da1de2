"""Spread of a layer's states, and the part of it that is about the classes.

Source   Liao et al. 2024 (diffusion spectral entropy), arXiv:2312.04823.
Idea     A random walk between rows, shorter steps more likely: few large eigenvalues mean that the
         rows lie on a small or flat shape.
Units    bits: 0 where all rows are the same, log2(rows) where all are far from each other.
Differs  the width of a step is the median distance unless given.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

MOST_ROWS = 500
"""Largest number of rows used; time grows with its third power."""
SUBSETS = 5
"""Number of random subsets, of the class's size, to compare each class with."""


def spectral_entropy(
    states: NDArray[np.floating], sigma: float | None = None, power: int = 1
) -> float:
    """Spectral entropy of states (rows, width), in bits.

    Entropy of the walk's eigenvalues to this power, whose sizes are scaled to add up to one.
    """
    distances = cdist(states, states)
    width = (
        sigma
        if sigma is not None
        else float(np.median(distances[np.triu_indices(len(states), 1)]))
        if len(states) > 1
        else 1.0
    )
    near = np.exp(-np.square(distances) / (2 * max(width, 1e-12) ** 2))
    scale = 1 / np.sqrt(near.sum(1))
    found = np.abs(np.linalg.eigvalsh(near * scale[:, None] * scale)) ** power
    shares = found[found > 0] / found.sum()
    return float(-(shares * np.log2(shares)).sum())


def spectral_information(
    states: NDArray[np.floating],
    labels: NDArray[np.int64],
    subsets: Mapping[int, Sequence[Sequence[int]]],
    sigma: float,
    power: int = 1,
) -> float:
    """Mean entropy gap between a class and equally many rows of all classes; bits.

    The mean is over rows. `subsets` are those rows, by class.
    """
    total = 0.0
    for c, drawn in subsets.items():
        own = states[labels == c]
        spread = np.mean(
            [spectral_entropy(states[np.asarray(rows)], sigma, power) for rows in drawn]
        )
        total += len(own) / len(labels) * (float(spread) - spectral_entropy(own, sigma, power))
    return total


def profile(layers: Sequence[NDArray[np.floating]]) -> tuple[float, ...]:
    """The entropy of each layer's states (rows, width), over the same few rows."""
    some = np.random.default_rng(0).permutation(len(layers[0]))[:MOST_ROWS]
    return tuple(spectral_entropy(np.asarray(states[some], dtype=np.float64)) for states in layers)


def information(
    layers: Sequence[NDArray[np.floating]], labels: NDArray[np.int64]
) -> tuple[float, ...]:
    """The information of each layer about the classes.

    Over the same few rows, with a common step width.
    """
    draw = np.random.default_rng(0)
    some = draw.permutation(len(labels))[:MOST_ROWS]
    seen, sizes = np.unique(labels[some], return_counts=True)
    subsets = {
        int(c): [draw.choice(len(some), n, replace=False).tolist() for _ in range(SUBSETS)]
        for c, n in zip(seen, sizes)
    }
    found = []
    for states in layers:
        x = np.asarray(states[some], dtype=np.float64)
        sigma = float(np.median(cdist(x, x)[np.triu_indices(len(x), 1)]))
        found.append(spectral_information(x, labels[some], subsets, sigma))
    return tuple(found)
