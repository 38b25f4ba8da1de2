"""Regret without luck: selected on half the validation rows, scored on the rest.

The best of many pipelines on the rows that it is measured on is the best in part because it was
lucky there, so that regret against it does not reach zero even for the truth. Here the best is
selected on one half, so is the best of those tried, and both are scored on the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from autodistill.recommend.model import FEW
from autodistill.recommend.past import Past, runs_of
from autodistill.registry import families
from autodistill.study.results import StudyResult, as_classes

HALVES, DRAWS = 20, 100


@dataclass(frozen=True)
class Fair:
    """Regrets on the other half, means over ways to halve the rows."""

    regret_1: float
    """Regret of the first pipeline tried, in score units."""
    regret_5: float
    """Regret of the best of those tried."""
    share_1: float
    """The same as a share of the distance from the worst pipeline to the best."""
    share_5: float


def on_other_half(
    record: StudyResult, keys: Sequence[str], tried: Sequence[NDArray[np.int64]], *, seed: int = 0
) -> list[Fair]:
    """Regrets of each list of tried places in `keys`; scores are means over seeds."""
    draw, metric = np.random.default_rng(seed), families.build("metrics", record.study.metric, {})
    assert record.selection is not None
    labels = as_classes(record.selection.labels)
    answers = {
        key: [as_classes(o.predictions) for o in runs] for key, runs in runs_of(record).items()
    }

    def scores(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.array(
            [fmean(metric(a[rows], labels[rows]) for a in answers[key]) for key in keys]
        )

    found: list[list[tuple[float, ...]]] = [[] for _ in tried]
    for _ in range(HALVES):
        order = draw.permutation(len(labels))
        here, there = scores(order[: len(order) // 2]), scores(order[len(order) // 2 :])
        best, span = there[here.argmax()], float(np.ptp(there)) or 1.0
        for place, few in enumerate(tried):
            one, five = best - there[few[0]], best - there[few[here[few].argmax()]]
            found[place].append((one, five, one / span, five / span))
    return [Fair(*(float(v) for v in np.mean(each, axis=0))) for each in found]


def fair_regrets(
    past: Past, handed: Mapping[str, Sequence[NDArray[np.int64]]]
) -> dict[str, tuple[Fair, Fair]]:
    """Mean regrets by dataset: of the suggested pipelines, and of random ones.

    `handed` has one list of places for each seed of the models.
    """
    found = {}
    for record in past.records.values():
        name, draw = record.study.dataset, np.random.default_rng(0)
        keys = past.evidence.only(name).pipelines.tolist()
        chance = [draw.choice(len(keys), FEW, replace=False) for _ in range(DRAWS)]
        each = on_other_half(record, keys, [*handed[name], *chance])
        split = len(handed[name])
        found[name] = (_mean(each[:split]), _mean(each[split:]))
    return found


def _mean(each: Sequence[Fair]) -> Fair:
    return Fair(*(fmean(getattr(f, n) for f in each) for n in Fair.__dataclass_fields__))
