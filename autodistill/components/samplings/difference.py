"""Rows that a large model finds easier than a small one does.

Source   Gu et al. 2025 (MiniPLM), arXiv:2410.17215, difference sampling.
Idea     What both find easy teaches little, what both find hard may be noise; what only the teacher has understood is worth the visits.
Inputs   the teacher's logits and its mean word embeddings, labels as classes.
Units    nats, for the order of rows only.
Differs  the small model is a linear map of the mean word embedding, fitted to the teacher's logits on the training rows [ours]; rows of a
         classification task rather than documents.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling, cross_entropy
from autodistill.registry.ranges import Real


class Difference(Sampling):
    """The share `keep` of rows with the largest CE(small model) - CE(teacher); equal ones by chance."""

    needs = frozenset({"logits", "pooled"})

    def __init__(self, *, keep: Annotated[float, Real(0.3, 1.0)] = 0.7) -> None:
        self.keep = keep

    def begin(self, known: Known) -> None:
        """Order the rows, once."""
        super().begin(known)
        assert known.reference is not None
        score = cross_entropy(known.reference, known.labels) - known.teacher_loss
        order = np.lexsort((np.random.default_rng(0).random(len(score)), -score))
        self.kept = order[: max(1, round(self.keep * len(order)))]

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The rule."""
        return self.deal(self.kept, count, random)
