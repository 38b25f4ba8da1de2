"""Mean squared distance between features.

Source   Romero et al. 2014, arXiv:1412.6550, eq. 3.
Idea     Let a student layer say what a teacher layer says; with a Gaussian of fixed width this bounds their information.
Inputs   one layer of each network, of equal widths (a connector makes them equal): means over tokens, or every token.
Units    squared feature units, mean over widths and batch.
Differs  the mean over the width instead of half the sum, so that wide layers do not weigh more.
"""

from typing import Annotated, Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class FeatureMSE(FeatureLoss):
    """Mean squared difference."""

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
        """The formula."""
        return F.mse_loss(student, teacher)
