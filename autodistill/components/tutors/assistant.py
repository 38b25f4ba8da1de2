"""A chain of teacher assistants, each smaller than the one that taught it.

Source   Mirzadeh et al. 2020 (teacher assistants), arXiv:1902.03393.
Idea     A large step from teacher to student is divided into small ones.
Inputs   a network to cut assistants from.
Differs  assistants keep 0.75, then 0.67 of the layers, rounded (nine and eight of twelve; four and
         four of six); each is trained half on labels and half on its teacher's predictions.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import Tutor, TutorTraining
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term

KEPT = (0.75, 0.67)
"""Share of the layers that each assistant in the chain keeps."""
TERMS = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))


class Assistant(Tutor):
    """The last assistant of the chain."""

    def __init__(self, *, hops: Annotated[int, OneOf(1, 2)] = 1) -> None:
        self.hops = hops

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """One training per assistant."""
        kept = (Part("cut", {"keep": share, "vocabulary": "full"}) for share in KEPT[: self.hops])
        return [
            TutorTraining(part, TERMS, 2e-4, visits=12_000, follows=place > 0)
            for place, part in enumerate(kept)
        ]
