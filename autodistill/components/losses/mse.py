"""Mean squared distance between features.

Source   Romero et al. 2014, arXiv:1412.6550, eq. 3.
Idea     A student layer reproduces a teacher layer; with a Gaussian of fixed width this bounds
         their mutual information.
Inputs   one layer of each network, equal widths (a connector makes them equal): means over tokens,
         or every token.
Units    squared feature units, averaged over widths and batch.
Differs  the mean over the width instead of half the sum, so that wide layers do not weigh more.
"""

from typing import Annotated, Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf


class FeatureMSE(FeatureLoss):
    """Mean squared difference between the features."""

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
        return F.mse_loss(student, teacher)
