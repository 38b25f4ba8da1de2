"""A transformer of the teacher's family with random weights.

Source   Turc et al. 2019, arXiv:1908.08962 (compact students and their shapes).
Idea     Any depth and width, for when the teacher cannot be cut or a narrower network is wanted;
         only the tokenizer is inherited.
Inputs   the teacher's folder, for its model type and its tokenizer.
"""

from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary, use_dropout, use_labels
from autodistill.components.students._layers import shaped
from autodistill.components.students._networks import read_config, untrained
from autodistill.registry.ranges import OneOf, Whole


class Scratch(Student):
    pace: ClassVar[float] = 3.0
    from_teacher: ClassVar[bool] = False

    def __init__(
        self,
        *,
        layers: Annotated[int, Whole(1, 12)] = 2,
        width: Annotated[int, OneOf(64, 128, 192, 256, 312, 384, 512, 768)] = 256,
        heads: Annotated[int, OneOf(2, 4, 8, 12)] = 4,
        feed_forward: Annotated[int, OneOf(2, 3, 4)] = 4,
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.1,
    ) -> None:
        self.layers = layers
        self.width = width
        self.heads = heads
        self.feed_forward = feed_forward
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier with random weights.

        Heads that do not divide the width are reduced until they do.
        """
        teacher = read_config(backbone.folder)
        turns = hasattr(teacher, "rope_parameters")  # rotary positions take values in pairs
        heads = next(
            h
            for h in range(self.heads, 0, -1)
            if self.width % h == 0 and not (turns and self.width // h % 2)
        )
        config = shaped(
            teacher,
            [n % backbone.layers for n in range(self.layers)],
            width=self.width,
            heads=heads,
            inner=self.width * self.feed_forward,
        )
        config.num_labels = len(backbone.label_names)
        config.vocab_size = vocabulary.size
        config.pad_token_id = vocabulary.pad_id
        model: Any = untrained(config)
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made
