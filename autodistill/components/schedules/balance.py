"""Labels and teacher weighted by how far each loss still has to fall.

Source   Zhao et al. 2023 (MTARD), arXiv:2306.16170, the balance of losses; there between two
         teachers.
Idea     Of two losses, the one that has fallen less relative to its initial value needs more
         weight.
Inputs   a hard loss and a logit loss.
Units    multiplier of the logit weight; both weights sum to one.
Differs  between the labels and a teacher rather than two teachers (this project's choice); starts
         from the pipeline's weights; in every step.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.schedules import Factors, Schedule, StepStats
from autodistill.registry.ranges import Real


class Balance(Schedule):
    """w <- w - rate (w - l^power / sum of l^power), l relative to the first loss."""

    needs = frozenset({"hard", "logit"})
    listens = True

    def __init__(
        self,
        *,
        rate: Annotated[float, Real(0.005, 0.1, log=True)] = 0.025,
        power: Annotated[float, Real(0.5, 2.0)] = 1.0,
    ) -> None:
        self.rate = rate
        self.power = power
        self.first: tuple[float, ...] = ()
        self.weights: list[float] = []
        self.share = 1.0

    def factors(self, progress: float) -> Factors:
        """The multipliers given the losses so far; independent of progress."""
        return Factors(logit=self.weights[1] / self.share) if self.weights else Factors()

    def hear(self, heard: StepStats) -> None:
        """Update the weights; a loss of zero or less counts as fully reduced."""
        losses = (max(heard.hard, 0.0), max(heard.logit, 0.0))
        if not self.weights:
            self.first, self.weights, self.share = (
                losses,
                [1 - heard.share, heard.share],
                heard.share,
            )
        relative = [loss / first if first else 0.0 for loss, first in zip(losses, self.first)]
        self.weights = balanced(self.weights, relative, self.rate, self.power)


def balanced(
    weights: Sequence[float], relative: Sequence[float], rate: float, power: float
) -> list[float]:
    """Weights after one update; unchanged if all relative losses are zero."""
    grown = [loss**power for loss in relative]
    return (
        [w - rate * (w - g / sum(grown)) for w, g in zip(weights, grown)]
        if sum(grown)
        else list(weights)
    )
