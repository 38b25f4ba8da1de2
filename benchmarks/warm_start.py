"""Trials that a warm start saves: replays on left-out datasets.

A warm search is compared with the end of a cold one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.recommend.choice import Judged
from autodistill.recommend.evidence import Evidence
from autodistill.recommend.past import Past, runs_of
from autodistill.search.warm_start import are_behind

TRIALS, SEEDS = 30, 20


@dataclass(frozen=True)
class Replay:
    """Trials of a warm search until the score, and whether suggestions were dropped."""

    needed: int
    dropped: bool


def first_looks(past: Past) -> NDArray[np.float64]:
    """Mean score at the first rung, by which a search drops suggestions; by row."""
    runs, evidence = {name: runs_of(record) for name, record in past.records.items()}, past.evidence
    assert evidence.studies is not None
    return np.array(
        [
            fmean(o.curve[0][1] for o in runs[s][key])
            for s, key in zip(evidence.studies.tolist(), evidence.pipelines.tolist())
        ]
    )


def replay(
    scores: NDArray[np.float64],
    told: Sequence[int],
    own: Sequence[int],
    goal: float,
    looks: NDArray[np.float64] | None,
) -> Replay:
    """Replay of `search.warm_start`: own draws and suggestions take turns.

    Until the suggestions are behind at the first rung.
    """
    left, suggestions, tried = list(own), list(told), dict[int, bool]()
    dropped = False
    while not tried or max(scores[i] for i in tried) < goal:
        left, suggestions = (
            [i for i in left if i not in tried],
            [i for i in suggestions if i not in tried],
        )
        count = sum(tried.values())
        if looks is not None:
            dropped = dropped or are_behind(
                *(
                    [float(looks[i]) for i, t in tried.items() if t is side]
                    for side in (True, False)
                )
            )
        is_turn = bool(suggestions) and not dropped and len(tried) - count > count
        tried[(suggestions if is_turn else left)[0]] = is_turn
    return Replay(len(tried), dropped)


def warm_start(
    evidence: Evidence,
    runs: Sequence[Judged],
    looks: NDArray[np.float64] | None = None,
    trials: int = TRIALS,
) -> dict[str, Any]:
    """Trials until the final score of a cold search, median over seeds.

    The cold search draws pipelines at random; without `looks` nothing is dropped.
    """
    needed, dropped = dict[str, float](), dict[str, float]()
    for name in evidence.names:
        here, seen = (
            evidence.only(name),
            None if looks is None else looks[evidence.datasets == name],
        )
        found = []
        for seed in range(SEEDS):
            own = np.random.default_rng(seed).permutation(len(here))
            told = runs[seed % len(runs)].predictions[name].few
            found.append(
                replay(
                    here.scores,
                    told.tolist(),
                    own.tolist(),
                    float(here.scores[own[:trials]].max()),
                    seen,
                )
            )
        needed[name], dropped[name] = (
            float(median(f.needed for f in found)),
            fmean(f.dropped for f in found),
        )
    return {
        "cold_trials": trials,
        "median_trials": needed,
        "dropped": dropped,
        **_over(needed, trials),
    }


def _over(needed: Mapping[str, float], trials: int) -> dict[str, float]:
    shares = np.array(list(needed.values())) / trials
    return {
        "median_share": round(float(np.median(shares)), 3),
        "mean_share": round(float(shares.mean()), 3),
    }
