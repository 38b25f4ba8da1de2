"""Word embeddings of two texts, or the pixels of two images, blended.

Source   Zhang et al. 2018, arXiv:1710.09412; on word embeddings for teacher and student as in Liang
         et al. 2021, arXiv:2011.00593, and He et al. 2021, arXiv:2109.11105; only part of the batch
         as in Choi et al. 2023, arXiv:2211.03946.
Idea     Between two texts the student should predict what the teacher predicts there, or an
         interpolation of the teacher's outputs.
Inputs   a network that accepts embeddings in place of token ids; losses that accept class
         probabilities, or no labels.
Units    share of the batch, and of each row; both are sampled anew for each batch.
Differs  `interpolate` (this project's choice) blends the teacher's recorded logits and states
         instead of querying it on the blended text: a cheap approximation; `consistent` queries it,
         as the sources do. Exactly round(ratio rows) rows are mixed, where public code samples with
         replacement; the mask is the union of both texts' masks, where public code keeps the first
         one's; padding adds nothing.
"""

from typing import Annotated

import numpy as np
import torch

from autodistill.components.mixups import Mix, Mixup
from autodistill.registry.ranges import OneOf, Real


class EmbeddingMixup(Mixup):
    """Shares from Beta(alpha, alpha), sampled per mixed row or per batch.

    No row is its own partner.
    """

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.1, 2.0, log=True)] = 0.4,
        ratio: Annotated[float, Real(0.05, 1.0)] = 0.5,
        teacher: Annotated[str, OneOf("interpolate", "consistent", "silent")] = "interpolate",
        per: Annotated[str, OneOf("row", "batch")] = "row",
    ) -> None:
        self.alpha = alpha
        self.ratio = ratio
        self.teacher = teacher
        self.per = per

    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        """Partners and shares for a batch of this many rows."""
        ratio = min(self.ratio, 0.5) if self.teacher == "silent" else self.ratio
        mixed = random.permutation(rows)[: round(ratio * rows)]
        circle = random.permutation(rows)
        partner = np.empty(rows, dtype=np.int64)
        partner[circle] = np.roll(circle, 1)
        share = np.ones(rows, dtype=np.float32)
        share[mixed] = random.beta(
            self.alpha, self.alpha, len(mixed) if self.per == "row" else None
        )
        return Mix(torch.from_numpy(partner), torch.from_numpy(share))
