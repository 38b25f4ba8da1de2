"""An early, less confident version of the teacher.

Source   Wang et al. 2022 (efficient distillation from checkpoints), NeurIPS 2022.
Idea     An early checkpoint says more about similarities between classes; a fully trained teacher
         says little beyond the label.
Inputs   the network that the teacher was fine-tuned from.
Differs  a separate fine-tuning for a share of the visits, with a learning rate that falls to zero,
         in place of a checkpoint of the teacher's.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import ALL, Tutor, TutorTraining
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term

WHOLE = 20_000
"""Visits of the teacher's own fine-tuning on a small dataset."""


class Early(Tutor):
    """A shortened fine-tuning of the teacher."""

    states = True
    from_start = True

    def __init__(self, *, share: Annotated[float, OneOf(0.1, 0.3, 0.6)] = 0.3) -> None:
        self.share = share

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """The one shortened fine-tuning."""
        return [
            TutorTraining(
                ALL,
                (Term(Part("ce"), 1.0),),
                1.4e-4,
                visits=round(self.share * WHOLE),
                pretrained=True,
            )
        ]
