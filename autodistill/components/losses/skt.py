"""A layer's states, and how they go together with those of every layer below.

Source   Liu et al. 2020 (structured knowledge transfer), arXiv:2003.10120: intra-layer patterns by
         cosine, inter-layer relations densely by flow matrices.
Idea     A student follows its teacher in each layer and in how features evolve over all of them,
         not only from one layer to the next.
Inputs   token states of a layer and of all layers below it in each network, equal widths (a
         connector makes them equal); the mask of valid tokens.
Units    1 - cosine, averaged over tokens, plus squared differences of correlations, averaged over
         entries and layers below.
Differs  tokens in place of pixels; layers below are those that the mapping pairs; each text has its
         own matrices, where public code has those of the first of a batch.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses.fsp import flow
from autodistill.registry.ranges import Real

EPSILON = 1e-5


class SKT(FeatureLoss):
    """Cosine distance of the top layer, and distance of its flow matrices with lower ones."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    spans = True
    dense = True
    at_match = "zero"
    rescale = True
    width_free = False

    def __init__(self, *, relations: Annotated[float, Real(0.1, 10.0, log=True)] = 1.0) -> None:
        super().__init__()
        self.relations = relations

    def compute(
        self,
        student: Float[Tensor, "layers batch tokens width"],
        teacher: Float[Tensor, "layers batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        valid = mask.bool()
        patterns = 1 - F.cosine_similarity(student[-1][valid], teacher[-1][valid], dim=-1)
        own, theirs = ([normalised(x, mask) for x in states] for states in (student, teacher))
        relations = [
            (flow(a, own[-1], mask) - flow(b, theirs[-1], mask)).square().mean()
            for a, b in zip(own[:-1], theirs[:-1])
        ]
        return patterns.mean() + self.relations * torch.stack(relations).mean()


def normalised(
    states: Float[Tensor, "batch tokens width"], mask: Int[Tensor, "batch tokens"]
) -> Float[Tensor, "batch tokens width"]:
    """Each feature of each text with mean 0 and variance 1 over valid tokens; padding is 0."""
    valid = mask.bool().unsqueeze(2)
    count = mask.sum(1).clamp_min(1)[:, None, None]
    mean = torch.where(valid, states, 0.0).sum(1, keepdim=True) / count
    apart = torch.where(valid, states - mean, 0.0)
    return apart / (apart.square().sum(1, keepdim=True) / count + EPSILON).sqrt()
