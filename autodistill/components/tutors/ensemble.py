"""Several teachers that differ in their random seeds.

Source   Lan et al. 2018, arXiv:1806.04606, and Breiman 1996 (bagging): the mean of several
         predictions; even: Zhao et al. 2023 (MTARD), arXiv:2306.16170, its entropy balance.
Idea     The consensus of several networks is more often right, and their disagreement softens the
         target where it should be soft.
Inputs   the network that the teacher was fine-tuned from.
Differs  weights per row come from each network's confidence, not from a trained gate; temperatures
         that equalise confidence are computed at once, not step by step.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import ALL, Combine, Tutor, TutorTraining
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term


class Ensemble(Tutor):
    """The mean of the members' probabilities."""

    from_start = True

    def __init__(
        self,
        *,
        members: Annotated[int, OneOf(2, 3, 4)] = 2,
        by: Annotated[Combine, OneOf("mean", "confident", "even")] = "mean",
    ) -> None:
        self.members = members
        self.by = by
        self.combine = by

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """One training per member."""
        return [
            TutorTraining(
                ALL, (Term(Part("ce"), 1.0),), 1.4e-4, visits=12_000, seed=n, pretrained=True
            )
            for n in range(self.members)
        ]
