"""Static word vectors of an encoder: their mean over a text, and a small head.

Source   Tulkens & van Dongen 2024, Model2Vec (github.com/MinishLab/model2vec); weights as in Arora
         et al. 2017 (SIF), https://openreview.net/forum?id=SyK00v5xx, section 2.
Idea     What an encoder makes of a word by itself can be looked up: megabytes, and microseconds for
         a text. Principal components make the vectors short, weights make frequent words quiet.
Inputs   the vectors of all tokens, which preparation makes once for each encoder: the pre-trained
         network under a teacher that is tuned here. Those of a teacher that was tuned elsewhere
         know its task, so that this student alone does, too.
Differs  a token's first state beside its last one; the table is trained, too, unless frozen.
"""

from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.students import (
    Backbone,
    Student,
    Vocabulary,
    use_dropout,
    use_labels,
)
from autodistill.components.students._networks import untrained
from autodistill.registry.ranges import OneOf, Whole

INNER = 256
"""Units of a head's hidden layer."""
SIF = 1e-4
"""Frequency at which a token counts half, as in Model2Vec."""
SPREAD = 1.0
"""Largest deviation of a column of the table.

3,000 rows of Rotten Tomatoes, ten epochs, two seeds: 0.729, with 0.3 0.720.
"""


class Static(Student):
    attends: ClassVar[bool] = False
    pace: ClassVar[float] = 5.0
    passes: ClassVar[int] = 8
    word_vectors: ClassVar[bool] = True

    def __init__(
        self,
        *,
        width: Annotated[int, OneOf(32, 64, 128, 256)] = 128,
        layers: Annotated[int, Whole(0, 1)] = 1,
        weights: Annotated[str, OneOf("sif", "zipf", "even")] = "sif",
        embeddings: Annotated[str, OneOf("frozen", "trained")] = "trained",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1, 0.3)] = 0.1,
    ) -> None:
        self.width = width
        self.layers = layers
        self.weights = weights
        self.embeddings = embeddings
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A classifier whose table has the first `width` components of its words' vectors.

        The table is random where there are no vectors yet and sizes alone are wanted.
        """
        from autodistill.components.students._networks.static import StaticConfig

        vectors = backbone.word_vectors
        table = None if vectors is None else np.load(vectors, mmap_mode="r")
        known = 2 * backbone.width if table is None else table.shape[1]
        sizes: dict[str, Any] = {
            "vocab_size": vocabulary.size,
            "pad_token_id": vocabulary.pad_id,
            "num_labels": len(backbone.label_names),
        }
        model: Any = untrained(
            StaticConfig(width=min(self.width, known), inner=INNER * self.layers, **sizes)
        )
        if table is not None:
            with torch.no_grad():
                found = word_table(table, vocabulary, model.config.width, self.weights)
                model.words.weight.copy_(found)
        model.words.weight.requires_grad_(self.embeddings == "trained")
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made


def word_table(
    vectors: NDArray[np.floating[Any]], vocabulary: Vocabulary, width: int, weights: str
) -> Tensor:
    """The first components of the kept tokens' vectors, weighted: (tokens, width).

    They are scaled so that the largest standard deviation is `SPREAD`.
    """
    kept = np.arange(vocabulary.size) if vocabulary.keep is None else np.load(vocabulary.keep)
    found = np.asarray(vectors[kept, :width], dtype=np.float64)
    found *= token_weights(len(vectors), weights)[kept, None]
    scaled = SPREAD * found / max(float(found.std(0).max()), 1e-12)
    return torch.from_numpy(scaled.astype(np.float32))


def token_weights(tokens: int, kind: str) -> NDArray[np.float64]:
    """A weight for each token of a vocabulary in which frequent ones come first.

    sif: a / (a + p), where p falls as 1 / rank; zipf: the logarithm of the rank; even: 1.
    """
    ranks = np.arange(1.0, tokens + 1)
    weights: NDArray[np.float64] = np.ones(tokens)
    match kind:
        case "sif":
            shares = 1 / (ranks + 1)
            weights = SIF / (SIF + shares / shares.sum())
        case "zipf":
            weights = np.log(ranks)
    return weights
