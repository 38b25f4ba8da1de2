"""Mappings: which student layer is compared with which teacher layer.

Layers are numbered like hidden states: 0 is the embedding, n the last of n layers. Attention blocks
are numbered from the first layer on: 0 to n - 1.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autodistill.registry.slots import Slot

SLOT = Slot("mapping", 50, "feature", "skip")

Pairs = tuple[tuple[int, int], ...]
"""Pairs of (student layer, teacher layer)."""


class LayerMapping(ABC):
    """A rule that pairs layers and weights the pairs by their distances."""

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """Pairs for student layers 0 to n_student.

        Raises ValueError for a student deeper than its teacher.
        """
        _check(n_student, n_teacher)
        return tuple((i, self.teacher_layer(i, n_student, n_teacher)) for i in range(n_student + 1))

    def attention_pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """Pairs of attention blocks: the block below each hidden state but the embedding."""
        return tuple((i - 1, j - 1) for i, j in self.pairs(n_student, n_teacher) if min(i, j) > 0)

    def below(
        self, layer: int, teacher_layer: int, n_student: int, n_teacher: int
    ) -> tuple[int, int]:
        """The lower pair of a two-layer comparison.

        The student layer below, and its teacher layer, at most teacher_layer - 1.
        """
        return layer - 1, min(
            self.teacher_layer(layer - 1, n_student, n_teacher), teacher_layer - 1
        )

    def choose_by(self, spectrum: Sequence[float]) -> None:  # noqa: B027 - most ignore it
        """Receive the spread of the teacher's states by layer.

        Called before `pairs`, for mappings that choose layers by it.
        """

    def weights(self, pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights of the pairs given their current distances: (pairs,), summing to one.

        Uniform by default.
        """
        return np.full(len(pairs), 1 / len(pairs))

    @abstractmethod
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer compared with this student layer."""


class AllPairs(LayerMapping):
    """All pairs of student and teacher layers, embeddings excluded.

    `weights` decides how much each pair counts.
    """

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """All pairs, ordered by student layer."""
        _check(n_student, n_teacher)
        return tuple((i, j) for i in range(1, n_student + 1) for j in range(1, n_teacher + 1))

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The last teacher layer, as no single layer is matched."""
        return n_teacher


def as_matrix(pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distances as a matrix with one row per student layer."""
    return distances.reshape(len({i for i, _ in pairs}), -1)


def _check(n_student: int, n_teacher: int) -> None:
    if not 1 <= n_student <= n_teacher:
        raise ValueError(
            f"a student of {n_student} layers cannot be mapped to a teacher of {n_teacher}; give "
            f"the student 1 to {n_teacher} layers."
        )
