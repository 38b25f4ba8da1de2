"""Layers matched by optimal transport (earth mover's distance).

Source   Li et al. 2020 (BERT-EMD), arXiv:2010.06133.
Idea     Which layers correspond is found during training: mass of 1/n from each student layer flows
         where it is cheapest.
Inputs   the distance of every student layer to every teacher layer.
Units    those of the distances: their mean under the flow, whose masses sum to one.
Differs  layers keep equal masses throughout; exact, by linear programming; no gradient through the
         flow; embeddings are excluded.
"""

import numpy as np
from numpy.typing import NDArray

from autodistill.components.mappings import AllPairs, Pairs, as_matrix


class EMD(AllPairs):
    """Pairs weighted by the mass that flows between them."""

    def weights(self, pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        """The weight of each row."""
        return flow(as_matrix(pairs, distances)).ravel()


def flow(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cheapest transport plan between uniform masses: (student, teacher).

    Uniform if any distance is not finite.
    """
    from scipy.optimize import linprog

    n, m = distances.shape
    if not np.isfinite(distances).all():
        return np.full((n, m), 1 / (n * m))
    sums = np.concatenate([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    found = linprog(
        distances.ravel(),
        A_eq=sums,
        b_eq=np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)]),
        method="highs",
    )
    moved: NDArray[np.float64] = found.x.reshape(n, m)
    return moved
