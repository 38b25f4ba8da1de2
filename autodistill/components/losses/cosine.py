"""Cosine distance between features.

Source   Sanh et al. 2019, arXiv:1910.01108, section 2, the cosine embedding term.
Idea     Align the directions of two layers and leave their magnitudes free.
Inputs   one layer of each network, equal widths (a connector makes them equal): means over tokens,
         or every token.
Units    1 - cosine, from 0 to 2, averaged over the batch.
Differs  no deviation from the source.
"""

from typing import Annotated, Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class Cosine(FeatureLoss):
    """Mean of 1 - cosine."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    width_free = False

    def __init__(
        self, *, on: Annotated[Literal["pooled", "tokens"], OneOf("pooled", "tokens")] = "pooled"
    ) -> None:
        super().__init__()
        self.on = self.signal = on

    def compute(
        self, student: Float[Tensor, "batch width"], teacher: Float[Tensor, "batch width"]
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return (1 - F.cosine_similarity(student, teacher, dim=-1)).mean()
