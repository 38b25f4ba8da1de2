"""Recipes for a teacher's fine-tuning that are tried on a part of its training rows.

Source   Jamieson and Talwalkar 2016, arXiv:1502.07943 (successive halving).
Idea     Short runs of all recipes, whole runs of the best of them; another than the default is
         chosen only where it leads by more than the error of the rows that it is judged on.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.study.pipeline import Part
from autodistill.training.teacher import TuneData, train_member
from autodistill.training.tuning import MOST_EPOCHS_OF_CLASSES, Tuning

ROUNDS = (0.5, 1.0)
"""Share of each recipe's epochs, round by round."""
SURVIVORS = 2
"""Recipes of the last round."""
JUDGED, MOST_JUDGED = 0.25, 1000
"""Share of the training rows that recipes are judged on, and how many at most."""
FEWEST_ROWS, MOST_ROWS = 100, 5000
"""Bounds on the training rows of a set for which recipes are tried."""


@dataclass(frozen=True)
class Candidate:
    """A recipe that is tried, at a share of its epochs."""

    number: int
    tuning: Tuning


def candidates(default: Tuning) -> tuple[Tuning, ...]:
    """The default recipe and its neighbours."""
    rate = float(default.optimizer.knobs["lr"])

    def at(lr: float) -> Part:
        return Part(default.optimizer.name, {**default.optimizer.knobs, "lr": lr})

    return (
        default,
        replace(default, optimizer=at(rate / 2)),
        replace(default, optimizer=at(2 * rate)),
        replace(default, epochs=min(2 * default.epochs, MOST_EPOCHS_OF_CLASSES)),
        replace(default, dropout=0.1),
        replace(default, head=3 * default.head),
    )


def shortened(how: Tuning, share: float) -> Tuning:
    """The recipe with this share of its epochs."""
    return replace(how, epochs=max(1, round(share * how.epochs)), held=0.0)


def cost(default: Tuning) -> float:
    """Seconds of all rounds on one core, as a multiple of those of one member."""
    each = sorted(how.epochs / default.epochs for how in candidates(default))
    return (1 - JUDGED) * (ROUNDS[0] * sum(each) + sum(each[-SURVIVORS:]))


def split(rows: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of the rows that recipes are trained on, and of those that they are judged on."""
    order = np.random.default_rng(seed).permutation(rows)
    judged = min(MOST_JUDGED, int(JUDGED * rows))
    return np.sort(order[judged:]), np.sort(order[:judged])


def try_recipe(data: TuneData, candidate: Candidate, report: Any) -> dict[str, Any]:
    """One run on one thread; its accuracy on the rows that it is judged on."""
    torch.set_num_threads(1)
    how = replace(data, tuning=candidate.tuning)
    rows, judged = split(len(data.shard.open().table), data.seed)
    _, result = train_member(how, 0, rows, judged, report)
    return {"accuracy": result.curve[-1][1]}


def best(scores: Mapping[int, float], judged: int) -> int:
    """The recipe that is chosen: 0, the default, unless another leads by a standard error.

    That is of a difference of two accuracies on the same rows, as if errors were independent.
    """
    leader = max(scores, key=lambda number: (scores[number], -number))
    if 0 not in scores:
        return leader
    error = math.sqrt(sum(p * (1 - p) for p in (scores[0], scores[leader])) / judged)
    return leader if scores[leader] - scores[0] > error else 0


def in_words(how: Tuning, default: Tuning) -> str:
    """A recipe in words: rate, epochs, and the other values that differ from the default's."""
    told = f"rate {how.optimizer.knobs['lr']:.2g}, {how.epochs} epochs"
    if how.dropout != default.dropout:
        told += f", dropout {how.dropout:g}"
    if how.head != default.head:
        told += f", head's rate {how.head:g} times as high"
    return told
