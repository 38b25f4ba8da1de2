"""Rows that a large model finds easier than a small one does.

Source   Gu et al. 2025 (MiniPLM), arXiv:2410.17215, difference sampling.
Idea     Rows that both find easy teach little, rows that both find hard may be noise; visits should
         go to rows that only the teacher has understood.
Inputs   the teacher's logits and its mean word embeddings, class indices.
Units    nats, used only to rank rows.
Differs  the small model is a linear map from the mean word embedding to the teacher's logits,
         fitted on the training rows (this project's choice); rows of a classification task rather
         than documents.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from autodistill.components.samplings import Known, Sampling, cross_entropy
from autodistill.registry.ranges import Real


class Difference(Sampling):
    """Visits the share `keep` of rows with the largest difference.

    Difference: CE(small model) - CE(teacher); ties are broken at random.
    """

    needs = frozenset({"logits", "pooled"})

    def __init__(self, *, keep: Annotated[float, Real(0.3, 1.0)] = 0.7) -> None:
        self.keep = keep

    def begin(self, known: Known) -> None:
        """Rank the rows once."""
        super().begin(known)
        assert known.reference is not None
        score = cross_entropy(known.reference, known.labels) - known.teacher_loss
        order = np.lexsort((np.random.default_rng(0).random(len(score)), -score))
        self.kept = order[: max(1, round(self.keep * len(order)))]

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        return self.deal(self.kept, count, random)
