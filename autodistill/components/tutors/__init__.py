"""Tutors: networks that replace the teacher, trained before the student.

They are trained from the teacher and the labels. A member lists the trainings that produce them;
their outputs are recorded once, like a teacher's.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jaxtyping import Float
from torch import Tensor

from autodistill.registry.slots import Slot
from autodistill.study.pipeline import Part, Term

SLOT = Slot("tutor", 140, "stage", "none", needs=("logit",), bars=("mixup",))

ALL = Part("cut", {"keep": 1.0, "vocabulary": "full", "embeddings": "trained"})
"""The teacher's full network."""
Combine = Literal["last", "mean", "confident", "even", "each"]


@dataclass(frozen=True)
class TutorTraining:
    """The training of one network."""

    student: Part
    """The student component that builds the network."""
    terms: tuple[Term, ...]
    lr: float
    visits: int
    """Total number of rows visited, each as often as any other."""
    seed: int = 0
    pretrained: bool = False
    """Whether it starts from the teacher's pre-trained network.

    Otherwise it starts from the fine-tuned teacher.
    """
    follows: bool = False
    """Whether its teacher is the previous network; otherwise the original teacher."""


class Tutor(ABC):
    """A recipe for another teacher."""

    combine: Combine = "last"
    """How the outputs of the networks are combined.

    last: the last network alone. mean: the mean of all predictions. confident: the mean per row,
    weighted by each network's confidence. even: the mean of predictions scaled to equal confidence.
    each: the mean, and beside it the outputs of each network, which `blends` needs.
    """
    states: ClassVar[bool] = False
    """Whether its layers match the teacher's and can be compared with a student's."""
    from_start: ClassVar[bool] = False
    """Whether it starts from the pre-trained network.

    This requires a teacher that was fine-tuned here.
    """

    blends: ClassVar[bool] = False
    """Whether it blends the networks' outputs anew in every step of a training."""
    copies_student: ClassVar[bool] = False
    """Whether its networks are of the student's kind, which has to read the teacher's tokens."""

    @abstractmethod
    def lessons(self, student: Part) -> Sequence[TutorTraining]:
        """The trainings in order; `student` is the one that will be taught."""

    def blend(
        self, each: Float[Tensor, "teachers batch classes"]
    ) -> Float[Tensor, "batch classes"]:
        """The teacher's logits, from those of each network; called only if `blends`."""
        return each.log_softmax(-1).logsumexp(0)

    def hear(  # noqa: B027 - most ignore the student
        self,
        student: Float[Tensor, "batch classes"],
        each: Float[Tensor, "teachers batch classes"],
    ) -> None:
        """Receive the student's logits after a step; called only if `blends`."""


def whole_vocabulary(student: Part) -> Part:
    """The same student with the teacher's full vocabulary."""
    return Part(student.name, {**student.knobs, "vocabulary": "full"})
