"""Mappings: which student layer looks at which teacher layer.

Layers are counted as hidden states are: 0 is the embedding, n the last of n layers.
Attention is counted from the first layer on: 0 to n - 1.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autodistill.registry.slots import Slot

SLOT = Slot("mapping", 50, "feature", "skip")

Pairs = tuple[tuple[int, int], ...]
"""(student layer, teacher layer)."""


class LayerMapping(ABC):
    """A rule that pairs layers, and says what the distances of the pairs amount to."""

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """Student layers 0 to n_student; raises ValueError when the student is the deeper one."""
        _check(n_student, n_teacher)
        return tuple((i, self.teacher_layer(i, n_student, n_teacher)) for i in range(n_student + 1))

    def attention_pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """Of attention: the layer below each hidden state but the embedding."""
        return tuple((i - 1, j - 1) for i, j in self.pairs(n_student, n_teacher) if min(i, j) > 0)

    def below(
        self, layer: int, teacher_layer: int, n_student: int, n_teacher: int
    ) -> tuple[int, int]:
        """The pair from which the work of this pair begins: the student's layer below, and what that one looks at."""
        return layer - 1, min(
            self.teacher_layer(layer - 1, n_student, n_teacher), teacher_layer - 1
        )

    def choose_by(self, spectrum: Sequence[float]) -> None:  # noqa: B027 - most do not look
        """How far the teacher's states spread, by layer; for mappings that choose by it, before pairs are asked for."""

    def weights(self, pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much each pair counts, given how far apart its layers are now: (pairs,), adding up to one. All the same, if not said."""
        return np.full(len(pairs), 1 / len(pairs))

    @abstractmethod
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer that this student layer looks at."""


class AllPairs(LayerMapping):
    """Every student layer beside every teacher layer, the embeddings left out; `weights` says which pairs count."""

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """All of them, student layer by student layer."""
        _check(n_student, n_teacher)
        return tuple((i, j) for i in range(1, n_student + 1) for j in range(1, n_teacher + 1))

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """No single one: the last."""
        return n_teacher


def as_matrix(pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances of all pairs, a row for each student layer."""
    return distances.reshape(len({i for i, _ in pairs}), -1)


def _check(n_student: int, n_teacher: int) -> None:
    if not 1 <= n_student <= n_teacher:
        raise ValueError(
            f"a student of {n_student} layers cannot be mapped to a teacher of {n_teacher}; give the student 1 to {n_teacher} layers."
        )
