"""What happens between two layers.

Source   Yim et al. 2017 (flow of solution procedure), CVPR 2017, eq. 1 and 2.
Idea     Products of a lower and a higher layer's features, mean over the text, say how a network goes about it, not where it arrives.
Inputs   every token's state in two layers of each network, of equal widths (a connector makes them equal); which tokens are valid.
Units    squared products of features, mean over the entries of the matrices and over rows.
Differs  tokens in place of pixels; the lower layer is the one below the matched one.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import FeatureLoss


class FSP(FeatureLoss):
    """Mean squared difference of flow matrices."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    spans = True
    at_match = "zero"
    rescale = True
    width_free = False

    def compute(
        self,
        student: Float[Tensor, "2 batch tokens width"],
        teacher: Float[Tensor, "2 batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The formula."""
        return (
            (flow(student[0], student[1], mask) - flow(teacher[0], teacher[1], mask))
            .square()
            .mean()
        )


def flow(
    first: Float[Tensor, "batch tokens lower"],
    second: Float[Tensor, "batch tokens higher"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, "batch lower higher"]:
    """Products of features, mean over valid tokens."""
    valid = torch.where(mask.bool().unsqueeze(2), first, 0.0)
    found: Tensor = valid.transpose(1, 2) @ torch.where(mask.bool().unsqueeze(2), second, 0.0)
    return found / mask.sum(1).clamp_min(1)[:, None, None]
