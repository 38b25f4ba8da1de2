"""Mixups: which rows of a batch are blended, with whom, and by how much.

A member draws a `Mix` for each batch; a `Mix` blends whatever belongs to the rows: inputs, labels, what a teacher said of them.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("mixup", 90, "stage", "none")


@dataclass(frozen=True)
class Mix:
    """For each row of a batch, its partner and its own share."""

    partner: Int[Tensor, "batch"]
    share: Float[Tensor, "batch"]
    """1 where a row stays as it is."""

    def blend(self, values: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
        """share x + (1 - share) x of the partner, row by row."""
        share = self.share.view(-1, *[1] * (values.ndim - 1)).to(values.dtype)
        return share * values + (1 - share) * values[self.partner]

    def mask(self, mask: Int[Tensor, "batch tokens"]) -> Int[Tensor, "batch tokens"]:
        """Tokens at which either text has one; of a row with all of the share, its own text's."""
        own, other = (
            mask * (self.share > 0).unsqueeze(1),
            mask[self.partner] * (self.share < 1).unsqueeze(1),
        )
        return own | other

    def types(
        self, types: Int[Tensor, "batch tokens"], mask: Int[Tensor, "batch tokens"]
    ) -> Int[Tensor, "batch tokens"]:
        """Segment types of the text with the larger share where it has a token, else the other's."""
        first, second = mask.bool(), mask[self.partner].bool()
        own = torch.where(first == second, (self.share >= 0.5).unsqueeze(1), first)
        return torch.where(own, types, types[self.partner])


class Mixup(ABC):
    """One way of mixing."""

    place: ClassVar[Literal["embedding", "state"]] = "embedding"
    """What of two rows is blended: their word embeddings, or the states that the classifier sees."""
    teacher: str
    """interpolate: its recorded answers are blended, an approximation. consistent: it answers for the blended input itself. silent: it
    has a say in rows that are not mixed only, and half of a batch is mixed at most."""

    @abstractmethod
    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        """Partners and shares for a batch of this many rows."""
