"""Shared parts of the students over word embeddings: their embedding table.

It is inherited from the teacher and reduced in width.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autodistill.components.students import (
    Backbone,
    Vocabulary,
    open_backbone,
    use_dropout,
    use_labels,
)
from autodistill.components.students._networks import untrained


def words_student(
    backbone: Backbone,
    vocabulary: Vocabulary,
    body: str,
    *,
    width: int,
    layers: int,
    rank: int,
    words: str,
    dropout: float,
) -> nn.Module:
    """A classifier with this kind of body.

    With `words` = 'teacher', its table is the teacher's, projected onto its `rank` directions of
    largest variance; otherwise it is random.
    """
    from autodistill.components.students._networks.words import WordsConfig

    table = teacher_words(backbone, vocabulary) if words == "teacher" else None
    rank = rank if table is None else min(rank, table.shape[1])
    sizes: dict[str, Any] = {
        "vocab_size": vocabulary.size,
        "pad_token_id": vocabulary.pad_id,
        "num_labels": len(backbone.label_names),
    }
    hidden = {"bag": width, "convolutions": 3 * width, "recurrent": 2 * width}[body]
    model: Any = untrained(
        WordsConfig(
            body=body, word_size=hidden, rank=rank, width=width, num_hidden_layers=layers, **sizes
        )
    )
    if table is not None:
        with torch.no_grad():
            model.words.weight.copy_(leading(table, rank))
    use_labels(model, backbone.label_names, ())
    use_dropout(model, dropout)
    made: nn.Module = model
    return made


def teacher_words(backbone: Backbone, vocabulary: Vocabulary) -> Tensor:
    """The teacher's embeddings of the kept words: (words, width)."""
    table: Tensor = open_backbone(backbone).get_input_embeddings().weight.detach()
    return table if vocabulary.keep is None else table[torch.from_numpy(np.load(vocabulary.keep))]


def leading(table: Tensor, rank: int) -> Tensor:
    """Coordinates of the rows along their principal directions: (words, rank).

    They are scaled so that the largest standard deviation is 0.1.
    """
    centred = table.double() - table.double().mean(0)
    found = centred @ torch.linalg.eigh(centred.T @ centred).eigenvectors.flip(1)[:, :rank]
    scaled: Tensor = (0.1 * found / found.std(0).amax().clamp_min(1e-12)).to(table.dtype)
    return scaled
