"""How many runs fit into a budget, when most of them are stopped early."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autodistill.study.study import CLOSING_SHARE

FULL_AT_FIRST = 4
"""The default recipe and three baselines, never stopped early."""
REPEATED = 4
"""Three leaders and the student alone."""
FEW_RUNS = 12
"""Runs below which recipes cannot be compared."""
FIRST_LOOK = 2
"""Quarters of a run after which it is first judged.

Replays of nineteen published studies whose runs are all complete, in random orders: the share of
the best tenth that early stopping lets end, and full trainings for each run.

| first look | mean | digits | RTE | rte-stages | mrpc-stages | trainings for each run |
|---|---|---|---|---|---|---|
| after one quarter | 0.80 | 0.34 | 0.52 | 0.64 | 0.31 | 0.57 |
| after one, where the worst quarter stops, then half | 0.89 | 0.73 | 0.65 | 0.88 | 0.31 | 0.69 |
| after two quarters | 0.93 | 0.79 | 0.68 | 0.94 | 0.53 | 0.78 |

So a budget holds about a quarter fewer runs, and the best of them are not lost.
"""
MANY_RUNS, LATE_SHARE = 10_000, 0.75
"""Runs that are counted one by one, and the share of a full training that each later one takes."""


def full_runs(runs: int, closing_share: float = CLOSING_SHARE) -> float:
    """Number of full trainings equivalent to this many runs, most stopped early."""
    closing = math.ceil(closing_share * runs - 1e-9)
    explored = max(0, runs - closing - FULL_AT_FIRST)
    return runs - explored + explored_runs(explored)


def explored_runs(runs: int) -> float:
    """Number of full trainings equivalent to this many exchangeable runs."""
    counted = min(runs, MANY_RUNS)
    return float(_sums()[counted]) + LATE_SHARE * (runs - counted)


def halving_shares(runs: int) -> NDArray[np.float64]:
    """Expected share of a full training of each of this many exchangeable runs.

    Judged after two of four quarters, a run continues if it is in the better half of all runs that
    came this far.
    """
    place = np.arange(2, runs + 2)  # the default recipe came first
    onward = (place // 2) / place
    return np.asarray((FIRST_LOOK + (4 - FIRST_LOOK) * onward) / 4)


def runs_within(
    seconds: float, trial_seconds: float, workers: int, closing_share: float = CLOSING_SHARE
) -> tuple[int, int]:
    """Number of runs that fit into this much time, and number of repeats among them.

    Repeats get the repeat fraction of the time, at full length.
    """
    held = seconds * workers / trial_seconds
    closing, left = int(closing_share * held), (1 - closing_share) * held
    if left <= FULL_AT_FIRST:
        return max(1, int(left)) + closing, closing
    sums, wanted = _sums(), left - FULL_AT_FIRST
    more = int(np.searchsorted(sums, wanted, side="right")) - 1
    more += int(max(0.0, wanted - sums[-1]) / LATE_SHARE)
    return FULL_AT_FIRST + more + closing, closing


@cache
def _sums() -> NDArray[np.float64]:
    """Full trainings that the first 0, 1, 2 and so on explored runs are equivalent to."""
    return np.concatenate([[0.0], np.cumsum(halving_shares(MANY_RUNS))])


def enough_trials(share: float) -> int:
    """Fewest runs of which FEW_RUNS are compared, and every leader is repeated.

    `share` is the repeat fraction; 0: nothing is repeated.
    """
    return max(FEW_RUNS, math.ceil(REPEATED / share - 1e-9) if share else 0)


def enough_seconds(trial_seconds: float, workers: int, share: float) -> float:
    """The same as a time, for runs of this length."""

    def suffices(held: int) -> bool:
        runs, closing = runs_within(held * trial_seconds, trial_seconds, 1, share)
        return runs >= FEW_RUNS and (not share or closing >= REPEATED)

    held = 1
    while not suffices(held):
        held += 1
    return held * trial_seconds / workers
