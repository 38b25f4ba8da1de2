"""Classes split along what the teacher's states tell apart beyond them.

Source   Loo et al. 2024 (LELP), arXiv:2409.20449.
Idea     With few classes a teacher's probabilities say little. Its states know kinds within a class: a second head learns to tell these,
         and the student's layers with it.
Inputs   logits of the second head, logits and last states of the teacher; 20 classes at most, and ten rows for each part of a class; a
         hard loss on the student's own head.
Units    nats, mean over the batch, multiplied by temperature squared.
Differs  the second head is dropped when the student is trained [ours]: predicting by the sum over parts would take another network than
         people load; the source has one head and no hard loss. States are means over tokens, so what the classifier sees of them is a
         least-squares fit; places are divided by the class's mean spread, so that `beta` has no unit [ours].
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import Labels, RowLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.components.losses._subclasses import (
    Subclasses,
    away_from,
    places,
    principal,
    seen_by,
    shares,
)
from autodistill.registry.ranges import OneOf, Real


class LELP(RowLoss):
    """T² KL(parts of the teacher's classes || parts of the student's); p(class, part) = p(class) softmax(place / beta)."""

    kind = "logit"
    needs = frozenset({"logits", "pooled"})
    at_match = "zero"
    cools = True
    head = "last"
    sees_rows = False
    most_classes = 20
    rows_for = {"parts": 10}

    known: Subclasses
    turn: Tensor
    hidden: Tensor
    """What of the states is looked at: a projection (width, width)."""

    def __init__(
        self,
        *,
        parts: Annotated[int, OneOf(2, 4, 8, 16, 32)] = 4,
        beta: Annotated[float, Real(0.1, 10.0, log=True)] = 1.0,
        temperature: Annotated[float, Real(1.0, 4.0, log=True)] = 1.0,
        null_space: Annotated[bool, OneOf(False, True)] = True,
        rotate: Annotated[bool, OneOf(False, True)] = False,
    ) -> None:
        super().__init__()
        self.parts = parts
        self.beta = beta
        self.temperature = temperature
        self.null_space = null_space
        self.rotate = rotate

    def outputs(self, classes: int) -> int:
        """Every part of every class, those of a class side by side."""
        return classes * self.parts

    def learn(
        self,
        states: Float[Tensor, "rows width"],
        logits: Float[Tensor, "rows classes"],
        labels: Int[Tensor, "rows"],
    ) -> None:
        """The directions of each class, and their spread."""
        x = states.double()
        seen = (
            away_from(seen_by(x, logits.double()))
            if self.null_space
            else torch.eye(x.shape[1], dtype=x.dtype)
        )
        found = principal(x @ seen, labels, logits.shape[1], self.parts)
        spread = found.spread.mean(1).clamp_min(1e-6)
        self.known = Subclasses(
            found.centres.float(),
            (found.directions / spread[:, None, None]).float(),
            found.spread.float(),
        )
        self.hidden = seen.float()
        noise = torch.randn(self.parts, self.parts, generator=torch.Generator().manual_seed(0))
        self.turn = torch.linalg.qr(noise).Q if self.rotate else torch.eye(self.parts)

    def expanded(
        self, logits: Float[Tensor, "batch classes"], states: Float[Tensor, "batch width"]
    ) -> Float[Tensor, "batch outputs"]:
        """Temperature times the log-probability of every part of every class."""
        found = shares(
            logits / self.temperature,
            places(states @ self.hidden, self.known) @ self.turn / self.beta,
        )
        return self.temperature * found.flatten(1)

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula over parts of classes; the labels are not looked at."""
        q, p = softened(student, teacher, self.temperature)
        return self.temperature**2 * divergence(p, q)
