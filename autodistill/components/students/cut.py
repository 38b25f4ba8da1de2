"""A transformer cut from the teacher: some of its layers, everything else copied.

Source   Sun et al. 2019, arXiv:1908.09355 (skip and last); Sanh et al. 2019, arXiv:1910.01108 (one
         layer in two).
Idea     Inherit what the teacher has learned, drop layers, trim the vocabulary to the words in use.
Inputs   the teacher's folder.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.components.students import (
    Backbone,
    Student,
    Vocabulary,
    open_backbone,
    own_memory,
    use_dropout,
    use_labels,
    use_vocabulary,
)
from autodistill.components.students._layers import cut_network
from autodistill.registry.ranges import OneOf


class Cut(Student):
    from_teacher: ClassVar[bool] = True

    def __init__(
        self,
        *,
        keep: Annotated[float, OneOf(0.17, 0.25, 0.34, 0.5, 0.67, 0.75, 1.0)] = 0.5,
        pick: Annotated[str, OneOf("uniform", "ends", "first", "last")] = "uniform",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        embeddings: Annotated[str, OneOf("frozen", "trained")] = "frozen",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.0,
    ) -> None:
        self.keep = keep
        self.pick = pick
        self.vocabulary = vocabulary
        self.embeddings = embeddings
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The teacher's classifier with only the chosen layers."""
        kept = kept_layers(backbone.layers, self.keep, self.pick)
        return cut_from(
            backbone, vocabulary, kept, embeddings=self.embeddings, dropout=self.dropout
        )


def cut_from(
    backbone: Backbone,
    vocabulary: Vocabulary,
    kept: Sequence[int],
    *,
    embeddings: str,
    dropout: float,
) -> nn.Module:
    """The teacher's classifier with only these layers.

    `embeddings`: frozen or trained.
    """
    model: Any = cut_network(open_backbone(backbone), kept)
    use_vocabulary(model, vocabulary)
    use_labels(model, backbone.label_names, backbone.order)
    use_dropout(model, dropout)
    words = model.get_input_embeddings().weight.requires_grad_(embeddings == "trained")
    # the rows of a trimmed vocabulary are a copy already
    made: nn.Module = own_memory(model, but=None if vocabulary.keep is None else words)
    return made


def kept_layers(total: int, share: float, pick: str) -> tuple[int, ...]:
    """Indices of the kept teacher layers: `share` of them, at least one.

    uniform: at an even stride, counted from 0 (three of six: 0, 2, 4). ends: evenly, including the
    first and the last (0, 2, 5). first, last: the lowest, the highest.
    """
    count = max(1, round(total * share))
    match pick:
        case "first":
            return tuple(range(count))
        case "last":
            return tuple(range(total - count, total))
        case "ends" if count > 1:
            return tuple(i * (total - 1) // (count - 1) for i in range(count))
        case "ends":
            return (total - 1,)
    return tuple(i * total // count for i in range(count))
