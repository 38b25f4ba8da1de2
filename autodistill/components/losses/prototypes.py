"""Features augmented by attention over the teacher's prototypes.

Source   prototype-guided distillation (ProC-KD): the idea; the formulas are this project's own.
Idea     Each feature attends to the centroids of the teacher's features, so that structure shared
         by many rows counts more.
Inputs   pooled features of one layer of each network, equal widths (a connector makes them equal).
Units    squared feature units, averaged over widths and batch.
Differs  both networks' features are augmented, so that equal ones stay equal; k-means centroids of
         the rows, never updated.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf

MOST_ROWS = 4096
"""Rows used to compute the centroids, up to a factor of two."""


class Prototypes(FeatureLoss):
    """Mean squared difference between f + softmax(f P^T / sqrt(width)) P.

    Before `learn` there are no prototypes P.
    """

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    width_free = False

    centres: Tensor
    """Centroids: (prototypes, width)."""

    def __init__(self, *, count: Annotated[int, OneOf(8, 32, 128)] = 32) -> None:
        super().__init__()
        self.count = count
        self.register_buffer("centres", torch.zeros(0, 0), persistent=False)

    def learn(
        self,
        states: Float[Tensor, "seen width"],
        labels: Int[Tensor, "seen"],
        rows: Int[Tensor, "seen"],
    ) -> None:
        """Compute the k-means centroids from a subset of the rows."""
        from scipy.cluster.vq import kmeans2

        some = states[:: max(1, len(states) // MOST_ROWS)].double().numpy()
        centres, _ = kmeans2(some, min(self.count, len(some)), iter=20, minit="++", rng=0)
        self.centres = torch.from_numpy(centres).float()

    def compute(
        self, student: Float[Tensor, "batch width"], teacher: Float[Tensor, "batch width"]
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return F.mse_loss(self.drawn_out(student), self.drawn_out(teacher))

    def drawn_out(self, features: Float[Tensor, "batch width"]) -> Float[Tensor, "batch width"]:
        """The features plus their attention over the prototypes."""
        if not len(self.centres):
            return features
        known = self.centres.to(features)
        near: Tensor = (features @ known.T / features.shape[1] ** 0.5).softmax(1)
        return features + near @ known
