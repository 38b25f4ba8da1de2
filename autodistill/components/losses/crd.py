"""Contrastive representation distillation with thousands of negatives.

Source   Tian et al. 2020 (contrastive representation distillation), arXiv:1910.10699, eq. 10 to 19.
Idea     A student row must identify its teacher row among many others, and vice versa. Negatives
         come from a memory of the latest features of all rows instead of the batch, so there are
         many of them.
Inputs   pooled features of one layer of each network, any widths; indices of rows in the split.
Units    nats of noise-contrastive estimation, summed over positive and negatives, averaged over
         rows, both directions added.
Differs  the rows of a batch share their negatives, which costs a matrix product instead of a
         gather.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf, Real

MOMENTUM, EPSILON = 0.5, 1e-7


class CRD(FeatureLoss):
    """Noise-contrastive estimation against two memories.

    The memories and the normalising constants of the density are not trained.
    """

    kind = "feature"
    needs = frozenset({"pooled", "rows"})
    beside = ("rows",)
    at_match = "none"
    holds = True
    rescale = True

    student_map: nn.Linear
    teacher_map: nn.Linear
    places: Tensor
    """Memory index of each row of the split."""
    memories: Tensor
    """The student's memory and the teacher's: (2, rows, width)."""

    def __init__(
        self,
        *,
        negatives: Annotated[int, OneOf(256, 1024, 4096, 16384)] = 1024,
        temperature: Annotated[float, Real(0.03, 0.5, log=True)] = 0.07,
        width: Annotated[int, OneOf(64, 128)] = 128,
    ) -> None:
        super().__init__()
        self.negatives = negatives
        self.temperature = temperature
        self.width = width
        self.register_buffer("places", torch.zeros(0, dtype=torch.long), persistent=False)
        self.register_buffer("memories", torch.zeros(2, 0, width), persistent=False)
        self.sums: list[Tensor] = []

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the linear maps into the common space."""
        self.student_map = nn.Linear(student_width, self.width)
        self.teacher_map = nn.Linear(teacher_width, self.width)

    def learn(
        self,
        states: Float[Tensor, "seen width"],
        labels: Int[Tensor, "seen"],
        rows: Int[Tensor, "seen"],
    ) -> None:
        """Initialise the memories at random."""
        self.places = torch.zeros(int(rows.max()) + 1, dtype=torch.long)
        self.places[rows] = torch.arange(len(rows))
        self.memories = torch.stack(
            [F.normalize(torch.randn(len(rows), self.width), dim=1) for _ in range(2)]
        )
        self.sums = []

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
        rows: Int[Tensor, "batch"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch; updates the memories with its rows afterwards."""
        own = [
            F.normalize(self.student_map(student), dim=1),
            F.normalize(self.teacher_map(teacher), dim=1),
        ]
        place, count = self.places[rows], self.memories.shape[1]
        drawn = torch.randint(count, (min(self.negatives, max(1, count - 1)),)).to(place.device)
        scores = [
            torch.cat(
                [(x * memory.to(x)[place]).sum(1, keepdim=True), x @ memory.to(x)[drawn].T], dim=1
            )
            / self.temperature
            for x, memory in zip(own, (self.memories[1], self.memories[0]))
        ]
        if not self.sums:
            self.sums = [density_sum(s.detach(), count) for s in scores]
        value = torch.stack([contrast(s, z, count) for s, z in zip(scores, self.sums)]).sum()
        for memory, x in zip(self.memories, own):
            seen = x.detach().to(memory)
            memory[place] = F.normalize(MOMENTUM * memory[place] + (1 - MOMENTUM) * seen, dim=1)
        return value


def density_sum(scores: Float[Tensor, "batch candidates"], count: int) -> Float[Tensor, ""]:
    """The normalising constant of exp(score) over all rows.

    It is estimated once and then held fixed.
    """
    return count * scores.exp().mean()


def contrast(
    scores: Float[Tensor, "batch candidates"], total: Float[Tensor, ""], count: int
) -> Float[Tensor, ""]:
    """The NCE loss; candidate 0 is the positive, the others are uniform samples."""
    density = scores.exp() / total
    noise = (scores.shape[1] - 1) / count
    right = (density[:, 0] / (density[:, 0] + noise + EPSILON)).log()
    wrong = (noise / (density[:, 1:] + noise + EPSILON)).log()
    return -(right.sum() + wrong.sum()) / len(scores)
