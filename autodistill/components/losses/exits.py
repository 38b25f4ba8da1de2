"""A classifier head on every mapped layer, each trained on the teacher's logits.

Source   Hao et al. 2023 (one-for-all), arXiv:2310.19444: branches of the student against the
         teacher's logits, with its enhanced target.
Idea     Layers of different architectures need not resemble each other if each of them can predict
         the class.
Inputs   pooled features of a student layer; the teacher's logits; labels.
Units    nats, as in the loss `ofa`.
Differs  a linear head in place of convolutions; on every layer that the mapping names.
"""

from typing import Annotated

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses.ofa import OFA
from autodistill.registry.ranges import Real


class Exits(FeatureLoss):
    """The loss `ofa` on a layer's own head, which is discarded after training."""

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
        """Build the head."""
        self.exit = nn.Linear(student_width, self.classes)

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
        labels: Int[Tensor, "batch"],
        logits: Float[Tensor, "batch classes"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch; the teacher's layer is ignored."""
        return self.answer.compute(self.exit(student), logits, labels)
