"""Student and teacher features encoded as messages that the other can decode.

Source   message matching between teacher and student (Talking Models): the idea; the formulas are
         this project's own.
Idea     Encoders map both layers into one space and decoders back: messages must agree and must
         carry enough information.
Inputs   pooled features of one layer of each network, any widths.
Units    squared features, averaged over widths and batch, divided by the batch variance where the
         teacher's features are decoded; terms are summed.
Differs  the teacher's features, which are fixed, are weighted by their own variance.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class Message(FeatureLoss):
    """Distance between the messages plus the reconstruction errors.

    The teacher's features are decoded from both messages, the student's from the teacher's.
    """

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    rescale = True

    student_writes: nn.Linear
    teacher_writes: nn.Linear
    teacher_reads: nn.Linear
    student_reads: nn.Linear

    def __init__(self, *, width: Annotated[int, OneOf(32, 64, 128, 256)] = 64) -> None:
        super().__init__()
        self.width = width

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build encoders and decoders."""
        self.student_writes, self.student_reads = (
            nn.Linear(student_width, self.width),
            nn.Linear(self.width, student_width),
        )
        self.teacher_writes, self.teacher_reads = (
            nn.Linear(teacher_width, self.width),
            nn.Linear(self.width, teacher_width),
        )

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        own, theirs = self.student_writes(student), self.teacher_writes(teacher)
        spread = teacher.var(0, unbiased=False).mean().clamp_min(1e-6)
        read = [F.mse_loss(self.teacher_reads(m), teacher) / spread for m in (own, theirs)]
        back = F.mse_loss(self.student_reads(theirs), student)
        return torch.stack([F.mse_loss(own, theirs), *read, back]).sum()
