"""Classes opened one after another, by how alike the teacher finds them.

Source   class-order curricula by similarity (Curriculum Designer): the idea; the formulas are this
         project's own.
Idea     Classes that the teacher confuses are easier to tell apart once some of them are known; the
         order `random` shows whether the order matters or only the growing number of classes.
Inputs   the teacher's logits, class indices; four classes or more, for fewer have no order to
         speak of.
Units    share of the classes whose rows may be visited.
Differs  prototypes are the classes' mean logits; the first class is the one most like the others,
         the next one is the one most like those that are open, or least like them.
"""

import math
from typing import Annotated

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.ranges import OneOf, Real


class ClassOrder(Sampling):
    """Visits rows of the first share of the classes; all of them from `share` of the training on.

    At least two classes are open.
    """

    fewest_classes = 4

    def __init__(
        self,
        *,
        order: Annotated[str, OneOf("alike", "apart", "random")] = "alike",
        share: Annotated[float, Real(0.2, 0.8)] = 0.4,
    ) -> None:
        self.order = order
        self.share = share

    def begin(self, known: Known) -> None:
        """Order the classes once."""
        super().begin(known)
        there = np.unique(known.labels)
        means = np.stack([known.teacher[known.labels == c].mean(0) for c in there])
        self.queue = there[class_order(means.astype(np.float64), self.order)]

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        classes = len(self.queue)
        opened = max(2, min(classes, math.ceil(classes * progress / self.share)))
        rows = np.flatnonzero(np.isin(self.known.labels, self.queue[:opened]))
        return np.resize(random.permutation(rows), count)


def class_order(prototypes: Float[ndarray, "classes width"], order: str) -> Int[ndarray, "classes"]:
    """The indices of the classes in this order: alike, apart or random."""
    if order == "random":
        return np.random.default_rng(0).permutation(len(prototypes))
    apart = prototypes - prototypes.mean(0)
    unit = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12)
    alike = unit @ unit.T
    np.fill_diagonal(alike, 0.0)
    found = [int(alike.sum(1).argmax())]
    while len(found) < len(prototypes):
        left = np.setdiff1d(np.arange(len(prototypes)), found)
        near = alike[left][:, found].mean(1)
        found.append(int(left[near.argmax() if order == "alike" else near.argmin()]))
    return np.array(found)
