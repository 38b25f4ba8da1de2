"""Easy rows first, by the student's own loss: an order that needs labels alone.

Source   Lamott and Shakir 2024 (a labelling language model and an order from easy to hard),
         arXiv:2409.11282; the order by one's own loss: Kumar et al. 2010 (self-paced learning),
         NeurIPS 23; pacing functions: Wu et al. 2021, arXiv:2012.03107.
Idea     A teacher that gives labels and nothing else does not say which rows are hard; what the
         student has learned of them does.
Inputs   class indices; the student's losses during training.
Units    share of the rows that may be visited.
Differs  no bound on the loss but a growing share of the rows, so that all are visited in the end; a
         row that was not visited yet counts as of mean difficulty.
"""

from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from autodistill.components.samplings import Known
from autodistill.components.samplings.pacing import Pacing
from autodistill.registry.ranges import Real


class SelfPaced(Pacing):
    """Visits the first share g(t) of the rows in order of the student's loss at the last visit.

    g(t) is that of `pacing`.
    """

    listens = True

    def __init__(
        self,
        *,
        start: Annotated[float, Real(0.1, 0.8)] = 0.3,
        share: Annotated[float, Real(0.3, 1.0)] = 0.6,
        power: Annotated[float, Real(0.5, 2.0)] = 1.0,
    ) -> None:
        super().__init__(start=start, share=share, power=power)

    def begin(self, known: Known) -> None:
        """Start without any losses."""
        super().begin(known)
        self.losses = np.full(len(known.labels), np.nan)

    def draw(
        self, progress: float, count: int, random: np.random.Generator
    ) -> Int[ndarray, "count"]:
        """The indices of the next `count` rows."""
        self.queue = np.lexsort((random.random(len(self.losses)), self.difficulty()))
        return super().draw(progress, count, random)

    def hear(
        self,
        places: Int[ndarray, "batch"],
        losses: Float[ndarray, "batch"],
        right: Bool[ndarray, "batch"],
    ) -> None:
        """Keep the student's losses on these rows."""
        self.losses[places] = losses

    def difficulty(self) -> Float[ndarray, "rows"]:
        """The latest loss of each row; their mean where there is none."""
        seen = ~np.isnan(self.losses)
        mean = self.losses[seen].mean() if seen.any() else 0.0
        found: Float[ndarray, "rows"] = np.where(seen, self.losses, mean)
        return found
