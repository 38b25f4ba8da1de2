"""Variance between runs explained by each stage, and by chance.

Source   one-way eta squared: Fisher 1925; the permutation is Fisher's and Pitman's; its law for
         many runs, a beta distribution, is Pitman 1938.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult

SHUFFLES, LEVEL, PARTS = 1000, 0.95, 4
"""Permutations; quantile of chance; number of parts of a numeric range."""
MANY_RUNS, MANY_EACH = 1000, 30
"""Runs, and runs of each group, from which the law of the permutations takes their place."""


@dataclass(frozen=True)
class Share:
    """The variance that one stage explains."""

    stage: str
    share: float
    """Share of the variance of scores between runs with different choices, 0 to 1."""
    chance: float
    """Share that 95 of 100 random groupings of the same sizes stay below."""
    runs: int
    """Number of runs that have this choice at all."""
    of: int
    """Number of all runs."""
    groups: int
    best: str
    """The choice with the highest mean."""

    @property
    def is_asked_always(self) -> bool:
        """Whether every run has this choice."""
        return self.runs == self.of

    @property
    def is_shown(self) -> bool:
        """Whether the share is above chance."""
        return self.share > self.chance


def known_shares(record: StudyResult) -> list[Share]:
    """The shares of a record, computed once for it: a figure and its table are about the same."""
    if "shares" not in record.derived:
        record.derived["shares"] = shares(record)
    found: list[Share] = record.derived["shares"]
    return found


def shares(record: StudyResult, seed: int = 0) -> list[Share]:
    """Shares of all stages that varied, largest first.

    Counted are complete runs that are no baseline, one of each recipe. Shares are one-way: for runs
    drawn at random they add up to one at most, apart from chance; for a search for the best they
    describe the region that it sampled.
    """
    runs = [
        o
        for o in record.explored
        if o.status == "complete" and o.score is not None and not o.baseline and not o.seed
    ]
    values = [dict(choices(o.pipeline)) for o in runs]
    found = []
    for stage in dict.fromkeys(k for v in values for k in v):
        having = [(o.score, v[stage]) for o, v in zip(runs, values) if stage in v]
        scores = np.array([score for score, _ in having], dtype=np.float64)
        names, groups = _groups([choice for _, choice in having])
        if len(names) > 1 and np.ptp(scores) > 0:
            draw = np.random.default_rng(seed)
            chance = by_chance(scores, groups, draw)
            best = max(range(len(names)), key=lambda g: scores[groups == g].mean())
            share = eta_squared(scores, groups)
            found.append(
                Share(
                    stage,
                    share,
                    chance,
                    len(scores),
                    len(runs),
                    len(names),
                    names[best],
                )
            )
    return sorted(found, key=lambda s: -s.share)


def eta_squared(scores: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    """Variance between groups over total variance."""
    centred = scores - scores.mean()
    return float(_between(np.bincount(groups, centred), centred, groups))


def by_chance(
    scores: NDArray[np.float64], groups: NDArray[np.int64], draw: np.random.Generator
) -> float:
    """The share that 95 of 100 random groups of the same sizes stay below."""
    counts = np.bincount(groups)
    if len(scores) >= MANY_RUNS and counts.min() >= MANY_EACH:
        return float(betaincinv((len(counts) - 1) / 2, (len(scores) - len(counts)) / 2, LEVEL))
    return float(np.quantile(shuffled(scores, groups, draw), LEVEL))


def shuffled(
    scores: NDArray[np.float64], groups: NDArray[np.int64], draw: np.random.Generator
) -> NDArray[np.float64]:
    """Eta squared of `SHUFFLES` random groups of the same sizes."""
    centred = scores - scores.mean()
    sums = [np.bincount(draw.permutation(groups), centred) for _ in range(SHUFFLES)]
    found: NDArray[np.float64] = _between(np.stack(sums), centred, groups)
    return found


def _between(sums: Any, centred: NDArray[np.float64], groups: NDArray[np.int64]) -> Any:
    """From the sums of each group, (groups,) or one row of them for each shuffle."""
    counts = np.maximum(np.bincount(groups), 1)
    return (sums**2 / counts).sum(-1) / (centred @ centred)


def choices(pipeline: Pipeline) -> Iterator[tuple[str, Any]]:
    """Choices of a pipeline by stage; knobs as `stage.member.knob`.

    A mapping counts as a choice only beside a feature loss.
    """
    for core in slots("core"):
        yield from _part(core, getattr(pipeline, core))
    kinds = {_kind(t.loss.name): t for t in pipeline.terms}
    for kind in slots("loss"):
        if (term := kinds.get(kind)) is None:
            yield kind, "none"
            continue
        yield from _part(kind, term.loss)
        if kind != "hard":
            yield f"weight.{kind}", term.weight
        for beside, part in term.parts:
            yield from _part(beside, part)
    for stage in slots("stage"):
        yield from _part(stage, pipeline.stage(stage))


def _part(stage: str, part: Any) -> Iterator[tuple[str, Any]]:
    yield stage, part.name
    for knob, value in part.knobs.items():
        yield f"{stage}.{part.name}.{knob}", value


@cache
def _kind(loss: str) -> str:
    return str(families.card("losses", loss).traits["kind"])


def _groups(values: list[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the groups and the group of each value.

    A number with many values is cut into parts of equal count.
    """
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if numbers and len(set(values)) > 2 * PARTS:
        x = np.array(values, dtype=np.float64)
        cuts = np.unique(
            np.quantile(x, np.linspace(0, 1, PARTS + 1))
        )  # a value that many have is one cut, not several
        parts = np.clip(np.searchsorted(cuts, x, side="right") - 1, 0, len(cuts) - 2)
        used, groups = np.unique(
            parts, return_inverse=True
        )  # one that ends between two values may have nothing in it
        between = [f"{a:.2g} to {b:.2g}" for a, b in pairwise(cuts)]
        return [between[part] for part in used], groups
    names = sorted({str(v) for v in values})
    return names, np.array([names.index(str(v)) for v in values])


def by_slot(importances: Mapping[str, float]) -> dict[str, float]:
    """Shares of single knobs added up by their stage."""
    found: dict[str, float] = {}
    for name, value in importances.items():
        slot = name.split(".")[1] if name.startswith("weight.") else name.split(".")[0]
        found[slot] = found.get(slot, 0.0) + value
    return found
