"""A bidirectional LSTM over word embeddings.

Source   Tang et al. 2019, arXiv:1903.12136 (a BiLSTM taught by BERT).
Idea     Word order matters, for instance after "not"; on short texts few steps mean few operations.
Inputs   the teacher's tokenizer and, for the word table, its embeddings.
"""

from typing import Annotated, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.components.students._words import words_student
from autodistill.registry.ranges import OneOf, Whole


class BiLSTM(Student):
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
        """A recurrent classifier with `width` units in each direction."""
        sizes = {"width": self.width, "layers": self.layers, "rank": self.rank}
        return words_student(
            backbone, vocabulary, "recurrent", **sizes, words=self.words, dropout=self.dropout
        )
