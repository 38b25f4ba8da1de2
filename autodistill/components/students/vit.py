"""A small vision transformer over patches of an image.

Source   Dosovitskiy et al. 2021, arXiv:2010.11929; from random weights, as Touvron et al. 2021,
         arXiv:2012.12877, train it from a teacher.
Idea     A patch is a token; without a large set of images it needs a teacher more than a
         convolutional network does.
Inputs   images.
Differs  the patch size is reduced until it divides height and width.
"""

from math import gcd
from typing import Annotated, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary, use_dropout, use_labels
from autodistill.components.students._networks import untrained
from autodistill.components.students._pixels import Look
from autodistill.registry.ranges import OneOf, Whole


class ViT(Student):
    reads: ClassVar[str] = "images"
    attends: ClassVar[bool] = False
    optimizer: ClassVar[str] = "adamw"
    vocabulary = "pixels"

    def __init__(
        self,
        *,
        layers: Annotated[int, Whole(1, 6)] = 3,
        width: Annotated[int, OneOf(32, 64, 96, 128, 192)] = 64,
        heads: Annotated[int, OneOf(2, 4)] = 4,
        patch: Annotated[int, OneOf(2, 4, 8, 16)] = 4,
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.0,
    ) -> None:
        self.layers = layers
        self.width = width
        self.heads = heads
        self.patch = patch
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier with random weights."""
        from transformers import ViTConfig

        size = Look.read(vocabulary.folder).size
        sides = gcd(*size)
        patch = next(p for p in range(min(self.patch, sides), 0, -1) if sides % p == 0)
        shape = {
            "num_hidden_layers": self.layers,
            "hidden_size": self.width,
            "num_attention_heads": self.heads,
        }
        config = ViTConfig(
            **shape,
            intermediate_size=2 * self.width,
            image_size=list(size),
            patch_size=patch,
            num_labels=len(backbone.label_names),
        )
        model: nn.Module = untrained(config)
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        return model
