"""Successive halving for several objectives, which Optuna's pruners refuse.

Source   Schmucker et al. 2021, arXiv:2106.12639 (asynchronous successive halving, Li et al. 2020,
         arXiv:1810.05934, over fronts).
Differs  Runs are stopped, not paused and promoted later; the order is that of
         `pareto.spread_order`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from autodistill.analysis.pareto import spread_order

PEERS = 1000
"""Runs at a step that a run is compared with: sorting them into fronts takes their square."""


class ParetoHalving:
    """Stops a run unless it is among the best 1/reduction of runs that came as far.

    Best first is by front, then by spread along it. Vectors are to be minimised, (1 - score,
    latency_ms, size_bytes) at a step; units do not matter. One that is not finite stops its run and
    is no peer of others. Peers are the latest PEERS runs. All is in memory; `restore` brings back
    earlier sessions.
    """

    def __init__(self, reduction: int = 2) -> None:
        self.reduction = reduction
        self.rungs: dict[int, dict[int, tuple[float, ...]]] = defaultdict(dict)
        """Step -> run's number -> vector."""

    def report(self, number: int, step: int, vector: Sequence[float]) -> bool:
        """Whether to stop this run now; fewer than `reduction` runs at a step continue.

        A second report at a step replaces the first.
        """
        if not np.isfinite(vector).all():
            return True
        rung = self._noted(number, step, vector)
        if len(rung) < self.reduction:
            return False
        numbers = sorted(rung)
        order = spread_order(np.array([rung[n] for n in numbers], dtype=np.float64))
        return numbers.index(number) not in order[: len(rung) // self.reduction]

    def restore(self, rungs: Iterable[tuple[int, int, Sequence[float]]]) -> None:
        """Load earlier reports, in any order: number, step, vector."""
        for number, step, vector in rungs:
            if np.isfinite(vector).all():
                self._noted(number, step, vector)

    def _noted(
        self, number: int, step: int, vector: Sequence[float]
    ) -> dict[int, tuple[float, ...]]:
        """The rung with this run; without the one that came first, where there are too many."""
        rung = self.rungs[step]
        rung[number] = tuple(vector)
        if len(rung) > PEERS:
            del rung[next(iter(rung))]
        return rung
