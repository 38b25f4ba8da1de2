"""The teacher as it was before it was sure.

Source   Wang et al. 2022 (efficient distillation from checkpoints), NeurIPS 2022.
Idea     An early checkpoint says more of what classes have in common; a teacher that is trained to the end says little but the label.
Inputs   the network that the teacher was tuned from.
Differs  a tuning of its own for a share of the visits, with a rate that falls to zero, in place of a checkpoint of the teacher's.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import ALL, Tutor, TutorTraining
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term

WHOLE = 20_000
"""Visits of the teacher's own tuning, on a small set."""


class Early(Tutor):
    """A shorter tuning."""

    states = True
    from_start = True

    def __init__(self, *, share: Annotated[float, OneOf(0.1, 0.3, 0.6)] = 0.3) -> None:
        self.share = share

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """The tuning."""
        return [
            TutorTraining(
                ALL,
                (Term(Part("ce"), 1.0),),
                1.4e-4,
                visits=round(self.share * WHOLE),
                pretrained=True,
            )
        ]
