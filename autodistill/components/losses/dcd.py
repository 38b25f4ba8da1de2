"""Contrast with the hardest rows of the batch, weighted by the student's difficulty.

Source   Rao et al. 2022 (dynamic contrastive distillation), arXiv:2207.01426: the teacher estimates
         which negatives are hard, the student's uncertainty weighs the rows.
Idea     A student row must find its teacher row among those that the teacher itself finds most
         alike; rows on which the student hesitates count more.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats of InfoNCE, a weighted mean over rows; the weights average one.
Differs  one modality; a row's difficulty is the entropy of the student's choice among the
         candidates, without gradient; negatives come from the batch.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import similarities
from autodistill.registry.ranges import OneOf, Real


class DCD(FeatureLoss):
    """InfoNCE over each row's own teacher row and its hard negatives."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    holds = True
    rescale = True
    fewest_rows = 16

    student_map: nn.Linear
    teacher_map: nn.Linear

    def __init__(
        self,
        *,
        negatives: Annotated[int, OneOf(8, 16, 32, 64)] = 16,
        temperature: Annotated[float, Real(0.03, 0.5, log=True)] = 0.07,
        weigh: Annotated[str, OneOf("uncertain", "even")] = "uncertain",
        width: Annotated[int, OneOf(64, 128)] = 128,
    ) -> None:
        super().__init__()
        self.negatives = negatives
        self.temperature = temperature
        self.weigh = weigh
        self.width = width

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the linear maps into the common space."""
        self.student_map = nn.Linear(student_width, self.width)
        self.teacher_map = nn.Linear(teacher_width, self.width)

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        own = F.normalize(self.student_map(student), dim=1)
        theirs = F.normalize(self.teacher_map(teacher), dim=1)
        return hard_contrast(
            own @ theirs.T / self.temperature,
            similarities(teacher),
            self.negatives,
            even=self.weigh == "even",
        )


def hard_contrast(
    scores: Float[Tensor, "batch batch"],
    alike: Float[Tensor, "batch batch"],
    negatives: int,
    *,
    even: bool,
) -> Float[Tensor, ""]:
    """InfoNCE of `scores` (student i, teacher j), with the rows most `alike` as negatives.

    Rows weigh by the entropy of the student's choice, or evenly.
    """
    own = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    hardest = alike.masked_fill(own, -torch.inf).topk(min(negatives, len(scores) - 1), dim=1)
    kept = own.scatter(1, hardest.indices, True)
    logs = scores.masked_fill(~kept, -torch.inf).log_softmax(1)
    rows = -logs.diagonal()
    if even:
        return rows.mean()
    doubt = torch.special.entr(logs.detach().exp()).sum(1)
    found: Tensor = (doubt * rows).sum() / doubt.sum().clamp_min(1e-12)
    return found
