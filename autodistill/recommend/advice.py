"""Suggested recipes for a dataset without a search, reliability and abstention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.recommend.choice import Chosen, mean_of
from autodistill.recommend.model import FEW
from autodistill.recommend.past import FEWEST_DATASETS, Past, ask
from autodistill.study.pipeline import Pipeline

LEVEL = 0.8
"""Level of the intervals."""
RESAMPLINGS = 2000
LIFT = 2.0
"""Standard errors that a teacher must be above the most frequent label."""


@dataclass(frozen=True)
class Suggestion:
    """A pipeline with its expected normalised rank and interval.

    The rank is the share of pipelines that it is expected to beat, corrected by the shortfall of
    suggestions on other datasets.
    """

    pipeline: Pipeline
    standing: float
    low: float
    high: float


@dataclass(frozen=True)
class Earned:
    """Leave-one-dataset-out score of the model's first recipe.

    On the scale from the worst pipeline (0) to the best (1) of each dataset.
    """

    datasets: int
    first: float
    gain_low: float
    """Lower bound of the gain over a random pipeline: one-sided 90 % over datasets."""
    five: float
    random_first: float
    random_five: float


@dataclass(frozen=True)
class Advice:
    """Advice from past studies."""

    suggestions: tuple[Suggestion, ...]
    """The best first; with a `silence`, the portfolio."""
    model: str
    earned: Earned | None
    nearest: tuple[tuple[str, float], ...] = ()
    """Studies by distance: about 1 between two datasets picked at random."""
    silence: str = ""
    """Abstention: why no recipe is recommended; empty when one is."""
    ranked: tuple[Suggestion, ...] = ()
    """All candidates."""


def advise(
    past: Past,
    chosen: Chosen | None,
    fingerprint: Mapping[str, float],
    candidates: Sequence[Pipeline],
    *,
    dataset: str = "?",
    seed: int = 0,
) -> Advice:
    """Ranking of the candidates for a dataset like this, or of this name.

    Where it cannot, it abstains and says why. `chosen` is None where datasets are too few to select
    a model.
    """
    portfolio, near = _portfolio(past, fingerprint, candidates), nearest(past, fingerprint)
    if chosen is None:
        return Advice(
            portfolio,
            "",
            None,
            near,
            f"studies of {FEWEST_DATASETS} datasets are needed, "
            f"{len(past.evidence.names)} are available",
        )
    earned = earned_by(chosen)
    if earned.gain_low <= 0:
        return Advice(
            portfolio,
            chosen.model,
            earned,
            near,
            "on datasets that were left out, its first recipe was no better than a random one",
        )
    if fingerprint["teacher_lift"] <= LIFT * fingerprint["teacher_error"]:
        return Advice(
            portfolio,
            chosen.model,
            earned,
            near,
            "the teacher is hardly better than the most frequent label: nothing to distil",
        )
    from autodistill.recommend.models import MODELS  # scikit-learn, for those who ask alone

    model = MODELS[chosen.model](seed)
    model.fit(past.evidence)
    guess = model.guess(ask(past, list(candidates), fingerprint, dataset))
    off = np.quantile(chosen.errors, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2])
    each = [
        Suggestion(pipeline, *(float(np.clip(s + d, 0, 1)) for d in off))
        for pipeline, s in zip(candidates, guess.standing)
    ]
    ranked = tuple(each[i] for i in np.argsort(-guess.standing, kind="stable"))
    return Advice(tuple(each[i] for i in guess.few), chosen.model, earned, near, ranked=ranked)


def nearest(past: Past, fingerprint: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Studies by distance of their fingerprints, each number in standard deviations."""
    names = list(past.records)
    if not names:
        return ()
    keys = sorted(set.intersection(*(set(past.fingerprint(n)) for n in names)) & fingerprint.keys())
    known = np.array([[past.fingerprint(n)[k] for k in keys] for n in names])
    scale = known.std(0)
    kept = scale > 0
    if not kept.any():
        return ()
    known, here = (
        known[:, kept] / scale[kept],
        np.array([fingerprint[k] for k in keys])[kept] / scale[kept],
    )
    unit = np.sqrt(2 * max(1, kept.sum()))
    found = np.sqrt(((known - here) ** 2).sum(1)) / unit
    return tuple((names[i], float(found[i])) for i in np.argsort(found))


def _portfolio(
    past: Past, fingerprint: Mapping[str, float], candidates: Sequence[Pipeline]
) -> tuple[Suggestion, ...]:
    """The portfolio's pipelines with the best mean normalised ranks, and their range.

    Only those that may be used here; the range is over datasets.
    """
    allowed = {p.key for p in candidates}
    found = []
    common = past.portfolio(images=bool(fingerprint["is_image"])) if len(past.evidence) else []
    for pipeline in [p for p in common if p.key in allowed][:FEW]:
        seen: NDArray[np.float64] = past.evidence.standing[past.evidence.pipelines == pipeline.key]
        found.append(
            Suggestion(
                pipeline,
                float(seen.mean()),
                *(float(q) for q in np.quantile(seen, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])),
            )
        )
    return tuple(found)


def earned_by(chosen: Chosen) -> Earned:
    """Means over the left-out datasets, beside random pipelines."""
    found, chance = list(chosen.marks[chosen.model].values()), list(chosen.random.values())
    gains = np.array([m.rec_at_1 - c.rec_at_1 for m, c in zip(found, chance)])
    again = np.random.default_rng(0).choice(gains, (RESAMPLINGS, len(gains))).mean(1)
    ours, theirs = mean_of(found), mean_of(chance)
    return Earned(
        len(found),
        ours.rec_at_1,
        float(np.quantile(again, 0.1)),
        ours.rec_at_5,
        theirs.rec_at_1,
        theirs.rec_at_5,
    )
