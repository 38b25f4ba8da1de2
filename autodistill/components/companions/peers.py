"""Deep mutual learning: students that train together.

Source   Zhang et al. 2018 (deep mutual learning), arXiv:1706.00384, eq. 5 to 8.
Idea     Several students with the same labels find different solutions; their consensus is a softer
         label for each of them.
Inputs   the student; nothing from the teacher; labels.
Units    nats, averaged over rows: the peers' own losses, plus the divergences between all networks
         times the weight.
Differs  peers start as copies of the student with re-initialised heads; all of them are updated in
         one step.
"""

import copy
from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.companions import Ask, Companion
from autodistill.registry.ranges import OneOf, Real


class Peers(Companion):
    """Mean KL divergence from each peer; the first network is the student kept."""

    def __init__(
        self,
        *,
        count: Annotated[int, OneOf(2, 3)] = 2,
        weight: Annotated[float, Real(0.1, 2.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.count = count
        self.weight = weight
        self.others = nn.ModuleList()

    def begin(self, student: nn.Module) -> None:
        """Create the peers as copies of the student with new heads."""
        for _ in range(self.count - 1):
            other = copy.deepcopy(student)
            heads = [m for m in other.modules() if isinstance(m, nn.Linear)]
            heads[-1].reset_parameters()
            self.others.append(other)

    def loss(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], ask: Ask
    ) -> Float[Tensor, ""]:
        """The peers' cross-entropies plus the weighted mutual divergences."""
        every = [logits, *(ask(other) for other in self.others)]
        logs = [x.log_softmax(1) for x in every]
        terms = [F.cross_entropy(x, labels) for x in every[1:]]
        for i, own in enumerate(logs):
            others = [x.detach() for j, x in enumerate(logs) if j != i]
            terms.append(
                self.weight
                * torch.stack([(x.exp() * (x - own)).sum(1).mean() for x in others]).mean()
            )
        return torch.stack(terms).sum()
