"""Tutors: who teaches in the teacher's place: networks made from it, and from the labels, before the student is trained.

A member says which lessons make them; what they show is recorded once, as a teacher's is.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from autodistill.registry.slots import Slot
from autodistill.study.pipeline import Part, Term

SLOT = Slot("tutor", 140, "stage", "none", needs=("logit",), bars=("mixup",))

ALL = Part("cut", {"keep": 1.0, "vocabulary": "full", "embeddings": "trained"})
"""The teacher's own network."""
Combine = Literal["last", "mean", "confident", "even"]


@dataclass(frozen=True)
class TutorTraining:
    """One network's training."""

    student: Part
    """Of which the network is made."""
    terms: tuple[Term, ...]
    lr: float
    visits: int
    """Rows to look at in all, each as often as any other."""
    seed: int = 0
    pretrained: bool = False
    """Begins from the network that the teacher was tuned from, not from the teacher."""
    follows: bool = False
    """Is taught by the network of the lesson before; else by the teacher."""


class Tutor(ABC):
    """One way of finding another teacher."""

    combine: Combine = "last"
    """Which networks speak: the last one, the mean of all answers; the mean by row, weighed by how sure each is; or the mean of answers
    that were made equally sure."""
    states: ClassVar[bool] = False
    """Has layers like the teacher's, that a student's can be compared with."""
    from_start: ClassVar[bool] = False
    """Begins where the teacher's own tuning began, which has to have been done here."""

    @abstractmethod
    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """In order; `student` is the one that will be taught."""


def whole_vocabulary(student: Part) -> Part:
    """The same student with the teacher's tokens."""
    return Part(student.name, {**student.knobs, "vocabulary": "full"})
