"""A head on every layer, each taught by the teacher's answer.

Source   Hao et al. 2023 (one-for-all), arXiv:2310.19444: students' branches against the teacher's logits, with its enhanced target.
Idea     Layers of different networks need not resemble each other where each of them can be asked for the answer.
Inputs   pooled features of a student's layer; the teacher's logits; labels.
Units    nats, as the loss `ofa`.
Differs  a linear head in place of convolutions; on every layer that the map names.
"""

from typing import Annotated

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses.ofa import OFA
from autodistill.registry.ranges import Real


class Exits(FeatureLoss):
    """The loss `ofa` of the layer's own head, which is thrown away."""

    kind = "feature"
    needs = frozenset({"logits", "labels"})
    beside = ("labels", "logits")
    matches = False
    at_match = "none"
    rescale = True

    exit: nn.Linear

    def __init__(self, *, epsilon: Annotated[float, Real(1.0, 2.0)] = 1.5) -> None:
        super().__init__()
        self.epsilon = epsilon
        self.answer = OFA(epsilon=epsilon)

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the head."""
        self.exit = nn.Linear(student_width, self.classes)

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
        labels: Int[Tensor, "batch"],
        logits: Float[Tensor, "batch classes"],
    ) -> Float[Tensor, ""]:
        """The formula; the teacher's layer is not looked at."""
        return self.answer.compute(self.exit(student), logits, labels)
