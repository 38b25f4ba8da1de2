"""Agreement of a proxy's ranking with training, and the regret of using it.

Size explains most of any ranking of students, so each figure is also given for pairs of students
of about one size, and for the better half.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BAND = 1.5
"""Largest ratio of the parameters of two students that count as one size."""
RESAMPLINGS = 1000
SHARE_THAT_SHOWS = 0.9
"""Share of resamplings in which a proxy has to beat the parameters."""


@dataclass(frozen=True)
class Agreement:
    """Rank correlations of one proxy with the scores of trained students.

    With 90 % intervals over the choice of students.
    """

    kendall: float
    kendall_interval: tuple[float, float]
    spearman: float
    spearman_interval: tuple[float, float]
    band: float
    """Kendall's tau over pairs of about one size; NaN where there are no such pairs."""
    band_interval: tuple[float, float]
    top: float
    """Kendall's tau over the half with the better scores."""
    top_interval: tuple[float, float]
    beats_size: float
    """Share of the resamplings in which `band` is above that of the parameters."""

    @property
    def is_kept(self) -> bool:
        """Whether it says more than the number of parameters, among students of one size."""
        return self.beats_size >= SHARE_THAT_SHOWS


NOTHING = (math.nan, math.nan)
NO_AGREEMENT = Agreement(
    math.nan, NOTHING, math.nan, NOTHING, math.nan, NOTHING, math.nan, NOTHING, 0.0
)


def agreements(
    scores: Sequence[float],
    params: Sequence[float],
    proxies: Mapping[str, Sequence[float]],
    seed: int = 0,
) -> dict[str, Agreement]:
    """Agreement of each proxy with the scores of trained students.

    Higher is better for scores and proxies alike. NaN counts as the worst. A proxy that is NaN for
    more than half of the students has NaN for all its figures.
    """
    truth, size = np.asarray(scores, dtype=float), np.asarray(params, dtype=float)
    known = {name: ranks(values) for name, values in proxies.items()}
    draws = np.random.default_rng(seed).integers(0, len(truth), (RESAMPLINGS, len(truth)))
    of_size = np.array([_band(size[d], truth[d], size[d]) for d in draws])
    mute = {
        name
        for name, values in proxies.items()
        if np.isnan(np.asarray(values, dtype=float)).mean() > 0.5
    }
    return {
        name: NO_AGREEMENT if name in mute else _agreement(x, truth, size, draws, of_size)
        for name, x in known.items()
    }


def _agreement(
    x: Numbers, truth: Numbers, size: Numbers, draws: NDArray[np.int64], of_size: Numbers
) -> Agreement:
    band = np.array([_band(x[d], truth[d], size[d]) for d in draws])
    better = truth >= np.median(truth)
    with np.errstate(invalid="ignore"):
        beats = float(np.mean(band > of_size))
    return Agreement(
        kendall=_kendall(x, truth),
        kendall_interval=_interval([_kendall(x[d], truth[d]) for d in draws]),
        spearman=_spearman(x, truth),
        spearman_interval=_interval([_spearman(x[d], truth[d]) for d in draws]),
        band=_band(x, truth, size),
        band_interval=_interval(band),
        top=_kendall(x[better], truth[better]),
        top_interval=_interval([_kendall(x[d][better[d]], truth[d][better[d]]) for d in draws]),
        beats_size=beats,
    )


def ranks(values: Sequence[float]) -> Numbers:
    """Ranks, 1 for the worst; equal values share the mean, NaN ranks lowest."""
    found = np.asarray(values, dtype=float)
    return np.asarray(_stats().rankdata(np.where(np.isnan(found), -np.inf, found)), dtype=float)


def rank_sum(proxies: Mapping[str, Sequence[float]]) -> Numbers:
    """Sum of the ranks under several proxies of equal weight; higher is better."""
    found: Numbers = np.sum([ranks(v) for v in proxies.values()], axis=0)
    return found


def regret(
    scores: Sequence[Sequence[float]],
    order: Sequence[float],
    *,
    trained: int,
    pool: int,
    resamplings: int = 200,
    seed: int = 0,
) -> tuple[Numbers, Numbers]:
    """Regret of training the `trained` best of a ranking, and of as many at random.

    One value a resampling. `scores` has a row for each student and a column for each seed, two at
    least. In every resampling, `pool` students are available; one seed selects among those that are
    trained, the others measure the selected student and the best of the pool.
    """
    known, likely, draw = (
        np.asarray(scores, dtype=float),
        np.asarray(order, dtype=float),
        np.random.default_rng(seed),
    )
    lost = np.zeros((2, resamplings))
    for turn in range(resamplings):
        there = draw.permutation(len(known))[:pool]
        chooses = int(draw.integers(known.shape[1]))
        truth = np.delete(known[there], chooses, axis=1).mean(1)
        noise = draw.random(len(there))  # equal ranks are told apart by chance
        picks = np.lexsort((noise, -likely[there]))[:trained], np.arange(trained)
        for which, trained_ones in enumerate(picks):
            chosen = trained_ones[np.argmax(known[there[trained_ones], chooses])]
            lost[which, turn] = truth.max() - truth[chosen]
    return lost[0], lost[1]


def reward(
    score: float,
    teacher: float,
    params: float,
    teacher_params: float,
    limit: float = math.inf,
    progress: float = 1.0,
) -> float:
    """Score and compression as one number: C (2 - C) score / teacher's score.

    C is the share of the teacher's parameters that is saved. Beyond `limit` parameters the number
    is drawn towards -1: not yet at the start of a search (`progress` 0), in full at its end (1).

    Source: Ashok et al. 2018 (N2N), arXiv:1709.06030, section 3.3.
    """
    saved = 1 - params / teacher_params
    plain = saved * (2 - saved) * score / teacher
    patience = min(1.0, (1 - progress) ** 4)
    return plain if params <= limit else (patience - 1) + patience * plain


def _stats() -> Any:
    """The module that a report loads for a study of students alone: it takes 60 MB."""
    return import_module("scipy.stats")


def _kendall(x: Numbers, y: Numbers) -> float:
    return float(_stats().kendalltau(x, y)[0]) if len(x) > 1 else float("nan")


def _spearman(x: Numbers, y: Numbers) -> float:
    return (
        float(_stats().spearmanr(x, y)[0])
        if len(x) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0
        else float("nan")
    )


def _band(x: Numbers, y: Numbers, size: Numbers) -> float:
    """Kendall's tau b over the pairs of one size."""
    near = np.abs(np.log(size[:, None] / size[None, :])) <= np.log(BAND)
    pairs = np.triu(near, 1)
    first, second = (np.sign(v[:, None] - v[None, :])[pairs] for v in (x, y))
    scale = np.sqrt(float(np.abs(first).sum()) * float(np.abs(second).sum()))
    return float((first * second).sum() / scale) if scale else float("nan")


def _interval(values: Any) -> tuple[float, float]:
    found = np.asarray(values, dtype=float)
    found = found[~np.isnan(found)]
    return (
        (float(np.quantile(found, 0.05)), float(np.quantile(found, 0.95)))
        if len(found)
        else (float("nan"), float("nan"))
    )
