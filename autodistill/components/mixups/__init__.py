"""Mixups: which rows of a batch are blended, with which partner, and by how much.

A member samples a `Mix` per batch; a `Mix` blends everything that belongs to the rows: inputs,
labels and teacher outputs.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("mixup", 90, "stage", "none")


@dataclass(frozen=True)
class Mix:
    """The partner and the mixing weight of each row of a batch."""

    partner: Int[Tensor, "batch"]
    share: Float[Tensor, "batch"]
    """Weight of the row itself; 1 leaves it unchanged."""

    def to(self, device: torch.device) -> Self:
        """The mix where the rows are."""
        return replace(self, partner=self.partner.to(device), share=self.share.to(device))

    def blend(self, values: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """share x + (1 - share) x of the partner, row by row."""
        share = self.share.view(-1, *[1] * (values.ndim - 1)).to(values.dtype)
        return share * values + (1 - share) * values[self.partner]

    def mask(self, mask: Int[Tensor, "batch tokens"]) -> Int[Tensor, "batch tokens"]:
        """Union of the masks of both texts; a text with share 0 is left out."""
        own, other = (
            mask * (self.share > 0).unsqueeze(1),
            mask[self.partner] * (self.share < 1).unsqueeze(1),
        )
        return own | other

    def types(
        self, types: Int[Tensor, "batch tokens"], mask: Int[Tensor, "batch tokens"]
    ) -> Int[Tensor, "batch tokens"]:
        """Segment ids of the text with the larger share, where both have a token.

        Where only one of the texts has a token, that text's segment ids are used.
        """
        first, second = mask.bool(), mask[self.partner].bool()
        own = torch.where(first == second, (self.share >= 0.5).unsqueeze(1), first)
        return torch.where(own, types, types[self.partner])


class Mixup(ABC):
    """A rule that samples mixing partners and weights."""

    place: ClassVar[Literal["embedding", "state"]] = "embedding"
    """The blended quantity: word embeddings, or the states that the classifier reads."""
    teacher: str
    """How the teacher supplies targets for mixed rows.

    interpolate: its recorded outputs are blended, an approximation. consistent: it is queried on
    the blended input itself. silent: it is used on unmixed rows only, and at most half of a batch
    is mixed.
    """

    @abstractmethod
    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        """Partners and shares for a batch of this many rows."""
