"""A narrower transformer sliced from the teacher: leading parts of some layers.

Source   Wu et al. 2023 (TinyCLIP, weight inheritance), arXiv:2309.12314.
Idea     A slice of trained weights is a better start than random weights, even where the slice
         computes something else. Every width keeps its leading part.
Inputs   the teacher's folder.
"""

from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from torch import nn

from autodistill.components.students import (
    Backbone,
    Student,
    Vocabulary,
    open_backbone,
    use_dropout,
    use_labels,
)
from autodistill.components.students._layers import cut_network, shaped
from autodistill.components.students._networks import read_config, untrained
from autodistill.components.students.cut import kept_layers
from autodistill.registry.ranges import OneOf


class Slim(Student):
    pace: ClassVar[float] = 2.0
    from_teacher: ClassVar[bool] = True

    def __init__(
        self,
        *,
        keep: Annotated[float, OneOf(0.34, 0.5, 0.67, 1.0)] = 0.5,
        width: Annotated[float, OneOf(0.25, 0.5, 0.75)] = 0.5,
        pick: Annotated[str, OneOf("uniform", "ends", "first", "last")] = "ends",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.0,
    ) -> None:
        self.keep = keep
        self.width = width
        self.pick = pick
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The first heads of the chosen layers; everything else is sliced to fit.

        The width is that of the kept heads together.
        """
        kept = kept_layers(backbone.layers, self.keep, self.pick)
        teacher: Any = cut_network(open_backbone(backbone), kept)
        use_labels(teacher, backbone.label_names, backbone.order)
        whole = read_config(backbone.folder)
        heads = max(1, round(whole.num_attention_heads * self.width))
        config = shaped(
            whole,
            kept,
            width=whole.hidden_size // whole.num_attention_heads * heads,
            heads=heads,
            inner=round((getattr(whole, "intermediate_size", 0) or 0) * self.width),
        )
        for name in ("embedding_size", "word_embed_proj_dim"):  # words as wide as the layers
            if getattr(whole, name, None) == whole.hidden_size:
                setattr(config, name, config.hidden_size)
        config.num_labels, config.vocab_size, config.pad_token_id = (
            len(backbone.label_names),
            vocabulary.size,
            vocabulary.pad_id,
        )
        model: Any = untrained(config)
        slice_into(
            model,
            teacher,
            None if vocabulary.keep is None else torch.from_numpy(np.load(vocabulary.keep)),
        )
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made


@torch.no_grad()
def slice_into(model: Any, teacher: Any, words: torch.Tensor | None) -> None:
    """Copy the leading part of each teacher tensor into the model's tensor.

    Tensors are matched by name; `words`: the ids of the embedding rows to copy, None: all.
    """
    known, table = teacher.state_dict(), model.get_input_embeddings().weight
    for name, value in model.state_dict().items():
        source = known[name]
        if value.data_ptr() == table.data_ptr() and words is not None:
            source = source[words]
        value.copy_(source[tuple(slice(n) for n in value.shape)])
