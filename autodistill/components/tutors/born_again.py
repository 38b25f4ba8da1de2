"""Born-again networks: students that teach students of their own kind.

Source   Furlanello et al. 2018 (born-again networks), arXiv:1805.04770.
Idea     A network taught by its equal is often better than it; soft labels from a network of one's
         own size are easy to follow.
Inputs   the student that will be taught.
Differs  the first generation learns half from the teacher and half from the labels; later ones from
         the previous generation and the labels.
"""

from collections.abc import Sequence
from typing import Annotated

from autodistill.components.tutors import Tutor, TutorTraining, whole_vocabulary
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term

TERMS = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))


class BornAgain(Tutor):
    """The last generation; with `ensemble`, the mean of all generations."""

    copies_student = True

    def __init__(
        self,
        *,
        generations: Annotated[int, OneOf(1, 2, 3)] = 1,
        ensemble: Annotated[str, OneOf("no", "yes")] = "no",
    ) -> None:
        self.generations = generations
        self.ensemble = ensemble
        self.combine = "mean" if ensemble == "yes" else "last"

    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """One training per generation."""
        own = whole_vocabulary(student)
        return [
            TutorTraining(own, TERMS, 2e-4, visits=12_000, seed=n, follows=n > 0)
            for n in range(self.generations)
        ]
