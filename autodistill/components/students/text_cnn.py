"""Convolutions over words: three kernel widths, each max-pooled over the text.

Source   Kim 2014, arXiv:1408.5882.
Idea     A few consecutive words often carry the meaning of a text, wherever they are.
Inputs   the teacher's tokenizer and, for the word table, its embeddings.
"""

from typing import Annotated, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.components.students._words import words_student
from autodistill.registry.ranges import OneOf, Whole


class TextCNN(Student):
    attends: ClassVar[bool] = False
    pace: ClassVar[float] = 10.0

    def __init__(
        self,
        *,
        width: Annotated[int, OneOf(32, 64, 128, 256)] = 128,
        layers: Annotated[int, Whole(1, 2)] = 1,
        rank: Annotated[int, OneOf(32, 64, 128, 256)] = 128,
        words: Annotated[str, OneOf("teacher", "random")] = "teacher",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1, 0.3)] = 0.1,
    ) -> None:
        self.width = width
        self.layers = layers
        self.rank = rank
        self.words = words
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """A convolutional classifier with `width` channels per kernel (3, 4 and 5 words)."""
        sizes = {"width": self.width, "layers": self.layers, "rank": self.rank}
        return words_student(
            backbone, vocabulary, "convolutions", **sizes, words=self.words, dropout=self.dropout
        )
