"""A bag of words: the mean over a text of each word passed through a layer.

Source   Iyyer et al. 2015 (deep averaging networks), ACL 2015; Joulin et al. 2017,
         arXiv:1607.01759.
Idea     Many texts can be classified by their words alone, and a mean of them takes microseconds:
         the smallest student, and the baseline to beat.
Inputs   the teacher's tokenizer and, for the word table, its embeddings.
"""

from typing import Annotated, ClassVar

from torch import nn

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.components.students._words import words_student
from autodistill.registry.ranges import OneOf, Whole


class Bag(Student):
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
        """A bag classifier with a table of `rank` columns, expanded to `width`."""
        sizes = {"width": self.width, "layers": self.layers, "rank": self.rank}
        return words_student(
            backbone, vocabulary, "bag", **sizes, words=self.words, dropout=self.dropout
        )
