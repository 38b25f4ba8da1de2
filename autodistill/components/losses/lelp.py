"""Subclasses from the teacher's states, finer than the labels.

Source   Loo et al. 2024 (LELP), arXiv:2409.20449.
Idea     With few classes a teacher's probabilities say little, but its states separate kinds of
         rows within a class: a second head, and the student layers below it, learn to tell these
         apart.
Inputs   logits of the second head, logits and last states of the teacher; at most 20 classes, and
         ten rows per part of a class; a hard loss on the student's own head.
Units    nats, averaged over the batch, multiplied by T².
Differs  the second head is dropped after training (this project's choice): predicting by the sum
         over parts would need another network than users load; the source has one head and no hard
         loss. States are means over tokens, so what the classifier sees of them is a least-squares
         fit; coordinates are divided by the class's mean spread, so that `beta` has no unit (this
         project's choice).
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
    """T² KL(teacher || student) over the parts of all classes.

    p(class, part) = p(class) softmax(place / beta).
    """

    kind = "logit"
    needs = frozenset({"logits", "pooled"})
    at_match = "zero"
    cools = True
    head = "last"
    sees_rows = False
    most_classes = 20
    rows_for = {"parts": 10}

    centres: Tensor
    directions: Tensor
    spread: Tensor
    """The fields of `known`."""
    turn: Tensor
    hidden: Tensor
    """Projection (width, width) onto the part of the states that is used."""

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
        for name in ("centres", "directions", "spread", "turn", "hidden"):
            self.register_buffer(name, torch.zeros(0), persistent=False)

    @property
    def known(self) -> Subclasses:
        """The parts of all classes, as learned; directions are divided by the mean spread."""
        return Subclasses(self.centres, self.directions, self.spread)

    def outputs(self, classes: int) -> int:
        """One output per part of each class; the parts of a class are adjacent."""
        return classes * self.parts

    def learn(
        self,
        states: Float[Tensor, "rows width"],
        logits: Float[Tensor, "rows classes"],
        labels: Int[Tensor, "rows"],
    ) -> None:
        """Fit the principal directions of each class and their spread."""
        x = states.double()
        seen = (
            away_from(seen_by(x, logits.double()))
            if self.null_space
            else torch.eye(x.shape[1], dtype=x.dtype)
        )
        found = principal(x @ seen, labels, logits.shape[1], self.parts)
        spread = found.spread.mean(1).clamp_min(1e-6)
        self.centres = found.centres.float()
        self.directions = (found.directions / spread[:, None, None]).float()
        self.spread = found.spread.float()
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
        """The loss of each row over parts of classes; `labels` are ignored."""
        q, p = softened(student, teacher, self.temperature)
        return self.temperature**2 * divergence(p, q)
