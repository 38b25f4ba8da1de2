"""Two teachers whose weights follow what the student has yet to learn from each.

Source   Zhao et al. 2023 (MTARD), arXiv:2306.16170, the balance of losses between a clean and a
         robust teacher.
Idea     A teacher that fits the labels and one that doubts them know different things: the one
         that the student has come less near to gets more weight.
Inputs   the network that the teacher was fine-tuned from.
Differs  the robust teacher is robust to wrong labels, by its loss, not to adversarial examples;
         probabilities are blended at temperature 1, which has the gradient of the weighted sum of
         both divergences; their entropies are left as they are.
"""

from collections.abc import Sequence
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses._softened import divergence
from autodistill.components.schedules.balance import balanced
from autodistill.components.tutors import ALL, Tutor, TutorTraining
from autodistill.registry.ranges import Real
from autodistill.study.pipeline import Part, Term


class Balanced(Tutor):
    """w <- w - rate (w - l^power / sum of l^power), l relative to the first loss."""

    from_start = True
    blends = True

    def __init__(
        self,
        *,
        rate: Annotated[float, Real(0.005, 0.1, log=True)] = 0.025,
        power: Annotated[float, Real(0.5, 2.0)] = 1.0,
        robust: Annotated[float, Real(1.2, 1.9)] = 1.6,
    ) -> None:
        self.rate = rate
        self.power = power
        self.robust = robust
        self.combine = "each"
        self.first: list[float] = []
        self.weights: list[float] = [0.5, 0.5]

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """One training by cross-entropy, one by a loss that bounds what a wrong label costs."""
        losses = (Part("ce"), Part("comp_sum", {"tau": self.robust}))
        return [
            TutorTraining(ALL, (Term(loss, 1.0),), 1.4e-4, visits=12_000, seed=n, pretrained=True)
            for n, loss in enumerate(losses)
        ]

    def blend(
        self, each: Float[Tensor, "teachers batch classes"]
    ) -> Float[Tensor, "batch classes"]:
        """The log of the weighted mean of the teachers' probabilities."""
        return blended(each, torch.tensor(self.weights).to(each))

    def hear(
        self,
        student: Float[Tensor, "batch classes"],
        each: Float[Tensor, "teachers batch classes"],
    ) -> None:
        """Update the weights by the student's divergence from each teacher."""
        own = student.float().log_softmax(-1)
        losses = [divergence(x.log_softmax(-1), own).mean().item() for x in each.float()]
        self.first = self.first or losses
        relative = [
            max(loss, 0.0) / first if first > 0 else 0.0 for loss, first in zip(losses, self.first)
        ]
        self.weights = balanced(self.weights, relative, self.rate, self.power)


def blended(
    each: Float[Tensor, "teachers batch classes"], weights: Float[Tensor, "teachers"]
) -> Float[Tensor, "batch classes"]:
    """The log of the weighted mean of the probabilities of these logits."""
    shares = weights.clamp_min(1e-12).log()[:, None, None]
    return (each.log_softmax(-1) + shares).logsumexp(0)
