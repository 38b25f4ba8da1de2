"""A transformer cut from the teacher: an arbitrary subset of its layers.

Source   Fan et al. 2020 (LayerDrop), arXiv:1909.11556; Sajjad et al. 2023, arXiv:2004.03844 (which
         layers can go).
Idea     The layers that matter differ between tasks; a rule such as every second layer is
         arbitrary.
Inputs   the teacher's folder.
Differs  `kept` is a bit mask of the layers that stay, the lowest bit being the first layer: 5 is
         the first and the third. Bits beyond the teacher's depth are ignored; if no layer is left,
         the last one stays.
"""

from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.components.students.cut import cut_from
from autodistill.registry.ranges import OneOf, Whole


class Subset(Student):
    from_teacher: ClassVar[bool] = True

    def __init__(
        self,
        *,
        kept: Annotated[int, Whole(1, 4095)] = 5,
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        embeddings: Annotated[str, OneOf("frozen", "trained")] = "frozen",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.0,
    ) -> None:
        self.kept = kept
        self.vocabulary = vocabulary
        self.embeddings = embeddings
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The teacher's classifier with only these layers."""
        kept = tuple(n for n in range(backbone.layers) if self.kept >> n & 1) or (
            backbone.layers - 1,
        )
        model: Any = cut_from(
            backbone, vocabulary, kept, embeddings=self.embeddings, dropout=self.dropout
        )
        made: nn.Module = model
        return made
