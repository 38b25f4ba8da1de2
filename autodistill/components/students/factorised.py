"""A transformer from scratch with a factorised, inherited word table.

Source   Lan et al. 2020 (ALBERT), arXiv:1909.11942, section 3.1; the network of Clark et al. 2020
         (ELECTRA), arXiv:2003.10555.
Idea     In a small network the word table holds most of the parameters but needs the fewest: words
         have fewer values than the layers are wide.
Inputs   the teacher's tokenizer and, for the table, its embeddings.
Differs  the table is inherited: the teacher's directions of largest variance, see
         students/_words.py.
"""

from typing import Annotated, Any, ClassVar

import torch
from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary, use_dropout, use_labels
from autodistill.components.students._networks import read_config, untrained
from autodistill.components.students._words import leading, teacher_words
from autodistill.registry.ranges import OneOf, Whole


class Factorised(Student):
    pace: ClassVar[float] = 3.0

    def __init__(
        self,
        *,
        layers: Annotated[int, Whole(1, 12)] = 2,
        width: Annotated[int, OneOf(64, 128, 192, 256, 312, 384, 512, 768)] = 256,
        heads: Annotated[int, OneOf(2, 4, 8, 12)] = 4,
        rank: Annotated[int, OneOf(32, 64, 128, 256)] = 64,
        words: Annotated[str, OneOf("teacher", "random")] = "teacher",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.1,
    ) -> None:
        self.layers = layers
        self.width = width
        self.heads = heads
        self.rank = rank
        self.words = words
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier with `rank` values per word, at most the teacher's if inherited.

        Heads that do not divide the width are reduced until they do.
        """
        from transformers import ElectraConfig

        table = teacher_words(backbone, vocabulary) if self.words == "teacher" else None
        rank = self.rank if table is None else min(self.rank, table.shape[1])
        teacher = read_config(backbone.folder)
        shape: dict[str, Any] = {
            "embedding_size": rank,
            "hidden_size": self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": next(h for h in range(self.heads, 0, -1) if self.width % h == 0),
            "intermediate_size": 4 * self.width,
            "max_position_embeddings": getattr(teacher, "max_position_embeddings", 512),
            "type_vocab_size": max(2, getattr(teacher, "type_vocab_size", 2)),
        }
        sizes: dict[str, Any] = {
            "vocab_size": vocabulary.size,
            "pad_token_id": vocabulary.pad_id,
            "num_labels": len(backbone.label_names),
        }
        model: Any = untrained(ElectraConfig(**shape, **sizes))
        if table is not None:
            with torch.no_grad():
                model.get_input_embeddings().weight.copy_(leading(table, rank))
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made
