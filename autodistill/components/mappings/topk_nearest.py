"""The nearest teacher layers of each student layer.

Source   multi-level distillation for out-of-domain detection, microsoft/KC, papers/MLKD_OOD: the
         two nearest of all teacher layers.
Idea     Which teacher layer a student layer resembles need not be fixed in advance; each step uses
         the nearest ones.
Inputs   the distance of every student layer to every teacher layer.
Units    those of the distances: averaged over student layers and over the nearest.
Differs  the mean in place of the sum; all student layers in place of a middle band; embeddings are
         excluded.
"""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from autodistill.components.mappings import AllPairs, Pairs, as_matrix
from autodistill.registry.ranges import OneOf


class TopKNearest(AllPairs):
    """The mean of the `count` smallest distances of each student layer."""

    def __init__(self, *, count: Annotated[int, OneOf(1, 2, 3)] = 1) -> None:
        self.count = count

    def weights(self, pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        """The weight of each row."""
        near = nearest(as_matrix(pairs, distances), self.count)
        shares: NDArray[np.float64] = near / near.sum()
        return shares.ravel()


def nearest(distances: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """1 at the `count` smallest distances of each student layer, 0 elsewhere.

    With fewer than `count` teacher layers, all are 1.
    """
    chosen = np.zeros(distances.shape)
    np.put_along_axis(chosen, np.argsort(distances, axis=1, kind="stable")[:, :count], 1.0, axis=1)
    return chosen
