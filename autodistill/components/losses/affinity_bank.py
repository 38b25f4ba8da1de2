"""Affinities of rows to a memory bank of earlier rows or class prototypes.

Source   Wu et al. 2023 (TinyCLIP, affinity mimicking), arXiv:2309.12314, and similarities to
         anchors (DiSCo); with one modality.
Idea     All batches share one bank, so neighbourhoods are compared over more rows than a batch
         holds.
Inputs   pooled features of one layer of each network, any widths; labels.
Units    nats, averaged over rows and over the bank; 0 for equal affinities.
Differs  anchors are the most recent rows, prototypes are running means of the classes; both banks
         hold earlier features of their own network, without gradient; KL divergence in place of
         cross-entropy.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf, Real

MOMENTUM = 0.9


class AffinityBank(FeatureLoss):
    """KL divergence between each network's affinities to its own bank.

    The first batch serves as its own bank.
    """

    kind = "feature"
    needs = frozenset({"pooled", "labels"})
    beside = ("labels",)
    at_match = "zero"
    holds = True

    def __init__(
        self,
        *,
        against: Annotated[str, OneOf("anchors", "prototypes")] = "anchors",
        size: Annotated[int, OneOf(64, 256, 1024)] = 256,
        temperature: Annotated[float, Real(0.02, 0.5, log=True)] = 0.1,
    ) -> None:
        super().__init__()
        self.against = against
        self.size = size
        self.temperature = temperature
        self.banks: list[Tensor] = []
        """The student's bank and the teacher's: (rows, width)."""

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch; adds its rows to the banks afterwards."""
        now = [student.detach(), teacher]
        if not self.banks:
            self._remember(now, labels)
        own, theirs = (b.to(student) for b in self.banks)
        value = by_bank(student, teacher, own, theirs, self.temperature)
        self._remember(now, labels)
        return value

    def _remember(self, now: list[Tensor], labels: Tensor) -> None:
        if self.against == "anchors":
            old = self.banks or [x[:0] for x in now]
            self.banks = [torch.cat([x.to(b), b])[: self.size] for x, b in zip(now, old)]
            return
        old = self.banks or [torch.zeros(self.classes, x.shape[1]).to(x) for x in now]
        share = 1 - MOMENTUM if self.banks else 1.0
        rows = F.one_hot(labels, max(self.classes, int(labels.max()) + 1)).to(now[0])[
            :, : self.classes
        ]
        seen = rows.sum(0).unsqueeze(1)
        means = [rows.T @ x / seen.clamp_min(1) for x in now]
        self.banks = [torch.where(seen > 0, b + share * (m - b), b) for b, m in zip(old, means)]


def by_bank(
    student: Float[Tensor, "batch student_width"],
    teacher: Float[Tensor, "batch teacher_width"],
    student_bank: Float[Tensor, "bank student_width"],
    teacher_bank: Float[Tensor, "bank teacher_width"],
    temperature: float,
    *,
    both: bool = True,
) -> Float[Tensor, ""]:
    """KL divergence between softmaxes of the cosines over the bank.

    With `both`, its mean with the same divergence over the batch.
    """
    pairs = ((student, student_bank), (teacher, teacher_bank))
    found = [F.normalize(x, dim=1) @ F.normalize(b, dim=1).T / temperature for x, b in pairs]
    values = []
    for way in (1, 0) if both else (1,):
        ours, theirs = (x.log_softmax(way) for x in found)
        values.append((theirs.exp() * (theirs - ours)).sum(way).mean())
    return torch.stack(values).mean()
