"""A perceptron over all pixels at once: the smallest student of images.

Source   Rumelhart, Hinton and Williams 1986, Nature 323.
Idea     Small images of one centred object can be classified by which pixels are dark; nothing is
         faster, so this is the baseline to beat.
Inputs   images; the number of parameters grows with their size.
"""

from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary, use_labels
from autodistill.components.students._networks import untrained
from autodistill.components.students._pixels import Look
from autodistill.registry.ranges import OneOf, Whole


class Perceptron(Student):
    reads: ClassVar[str] = "images"
    attends: ClassVar[bool] = False
    optimizer: ClassVar[str] = "adamw"
    vocabulary = "pixels"

    def __init__(
        self,
        *,
        layers: Annotated[int, Whole(1, 3)] = 1,
        width: Annotated[int, OneOf(16, 32, 64, 128, 256, 512)] = 128,
        dropout: Annotated[float, OneOf(0.0, 0.1, 0.3)] = 0.1,
    ) -> None:
        self.layers = layers
        self.width = width
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier with one layer over the pixels and `layers` more of equal width."""
        from autodistill.components.students._networks.perceptron import PerceptronConfig

        size = Look.read(vocabulary.folder).size
        shape: dict[str, Any] = {
            "width": self.width,
            "num_hidden_layers": self.layers,
            "dropout": self.dropout,
        }
        model: nn.Module = untrained(
            PerceptronConfig(size, **shape, num_labels=len(backbone.label_names))
        )
        use_labels(model, backbone.label_names, ())
        return model
