"""The states of two texts, blended before the classifier.

Source   Verma et al. 2019, arXiv:1806.05236, manifold mixup, at its last layer.
Idea     Between the states of two texts the student should predict an interpolation of the
         teacher's outputs.
Inputs   a classifier that is linear in the state it reads; losses that accept class probabilities,
         or no labels.
Units    share of the batch, and of each row; both are sampled anew for each batch.
Differs  always the last layer, so that masks and lengths do not matter: blended states give blended
         logits, for student and teacher alike, and `interpolate` is exact here.
"""

from typing import Annotated

from autodistill.components.mixups.embedding import EmbeddingMixup
from autodistill.registry.ranges import OneOf, Real


class HiddenMixup(EmbeddingMixup):
    """Mixup of states, with the same shares and partners as on embeddings."""

    place = "state"

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.1, 2.0, log=True)] = 0.4,
        ratio: Annotated[float, Real(0.05, 1.0)] = 0.5,
        teacher: Annotated[str, OneOf("interpolate", "silent")] = "interpolate",
        per: Annotated[str, OneOf("row", "batch")] = "row",
    ) -> None:
        super().__init__(alpha=alpha, ratio=ratio, teacher=teacher, per=per)
