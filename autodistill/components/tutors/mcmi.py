"""The teacher, fine-tuned a little more to separate rows of one class.

Source   Ye et al. 2024 (maximum conditional mutual information), arXiv:2401.08732.
Idea     A teacher's predictions should say about a row what its label does not; the loss `mcmi`
         rewards predictions that differ from the class's mean.
Inputs   a teacher that can be trained.
Differs  at half the learning rate of a fine-tuning; class means are those of the teacher before,
         never updated.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import ALL, Tutor, TutorTraining
from autodistill.registry.ranges import OneOf, Whole
from autodistill.study.pipeline import Part, Term

EPOCH = 4_000
"""Visits that count as one epoch."""


class MCMI(Tutor):
    """One additional fine-tuning of the teacher."""

    states = True

    def __init__(
        self,
        *,
        strength: Annotated[float, OneOf(0.03, 0.1, 0.3)] = 0.1,
        epochs: Annotated[int, Whole(1, 3)] = 1,
    ) -> None:
        self.strength = strength
        self.epochs = epochs

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """The one additional fine-tuning."""
        return [
            TutorTraining(
                ALL,
                (Term(Part("mcmi", {"strength": self.strength}), 1.0),),
                7e-5,
                visits=EPOCH * self.epochs,
            )
        ]
