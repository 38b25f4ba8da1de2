"""Early stopping replayed on published studies whose runs are all complete, by its first look."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RULES: Mapping[str, Mapping[int, float]] = {
    "a quarter": {1: 0.5, 2: 0.5},
    "a quarter, gently": {1: 0.75, 2: 0.5},
    "half": {2: 0.5},
}
"""By name: after how many quarters which share of the runs that came this far goes on."""
FEWEST, QUARTERS = 60, (1, 2, 4)
Scores = NDArray[np.float64]


def scores_of(folder: Path) -> Scores:
    """Scores after one, two and four quarters of complete recipes: (runs, 3)."""
    table = pd.read_csv(folder / "outcomes.csv")
    whole = table[(table["status"] == "complete") & table["control"].isna()]
    curves = [dict(json.loads(text)) for text in whole["curve"]]
    return np.array([[c[q] for q in QUARTERS] for c in curves if c.keys() >= set(QUARTERS)])


def replay(scores: Scores, rule: Mapping[int, float], orders: int, seed: int) -> Scores:
    """Share of the best tenth that ends, and full trainings for each run: means over orders."""
    draw, ends = np.random.default_rng(seed), scores[:, -1]
    best = ends >= np.sort(ends)[::-1][max(1, round(len(ends) / 10)) - 1]
    kept = np.zeros((orders, 2))
    for order in kept:
        seen: dict[int, list[float]] = {quarter: [] for quarter in rule}
        for run in draw.permutation(len(scores)):
            stop = next((q for q, s in rule.items() if _stops(seen[q], scores[run, q - 1], s)), 0)
            order += (0.0 if stop else best[run] / best.sum(), (stop or 4) / 4 / len(scores))
    means: Scores = kept.mean(axis=0)
    return means


def _stops(seen: list[float], score: float, share: float) -> bool:
    """Whether a run is behind this share of those that came this far, itself among them."""
    seen.append(score)
    if len(seen) < 2:
        return False
    return score < sorted(seen, reverse=True)[max(1, int(share * len(seen))) - 1]


def first_look(folders: Sequence[Path], orders: int, seed: int) -> dict[str, Any]:
    """By study and rule: share of the best tenth that ends, full trainings for each run."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for folder in folders:
        if not (folder / "outcomes.csv").is_file() or len(scores := scores_of(folder)) < FEWEST:
            continue
        each = {name: replay(scores, rule, orders, seed) for name, rule in RULES.items()}
        found[folder.name] = {n: (round(k, 3), round(c, 3)) for n, (k, c) in each.items()}
    means = {n: np.mean([each[n] for each in found.values()], axis=0).round(3) for n in RULES}
    return {"studies": found, "mean": {name: tuple(mean) for name, mean in means.items()}}
