"""A residual network of three stages, as for CIFAR.

Source   He et al. 2016, arXiv:1512.03385, section 4.2; depths 1, 3, 5, 7: Dong et al. 2023
         (DisWOT), arXiv:2303.15678, space S0.
Idea     The number of blocks per stage and the width of the first stage trade off score, size and
         time.
Inputs   images of at least 8 by 8 pixels.
"""

from typing import Annotated, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary, use_labels
from autodistill.components.students._networks import untrained
from autodistill.components.students._pixels import Look
from autodistill.registry.ranges import OneOf


class Residual(Student):
    reads: ClassVar[str] = "images"
    attends: ClassVar[bool] = False
    vocabulary = "pixels"

    def __init__(
        self,
        *,
        first: Annotated[int, OneOf(1, 2, 3, 5, 7)] = 1,
        second: Annotated[int, OneOf(1, 2, 3, 5, 7)] = 1,
        third: Annotated[int, OneOf(1, 2, 3, 5, 7)] = 1,
        width: Annotated[int, OneOf(4, 8, 12, 16, 24, 32, 64)] = 16,
    ) -> None:
        self.depths = (first, second, third)
        self.width = width

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier with `width` channels in stage one, doubled in each later stage."""
        from autodistill.components.students._networks.residual import ResidualConfig

        widths = (self.width, 2 * self.width, 4 * self.width)
        size = Look.read(vocabulary.folder).size
        model: nn.Module = untrained(
            ResidualConfig(self.depths, widths, size, num_labels=len(backbone.label_names))
        )
        use_labels(model, backbone.label_names, ())
        return model
