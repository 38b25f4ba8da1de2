"""Mappings: which student layer looks at which teacher layer.

Layers are counted as hidden states are: 0 is the embedding, n the last of n layers.
"""

from abc import ABC, abstractmethod


class LayerMapping(ABC):
    """A rule that gives each student layer one teacher layer."""

    def pairs(self, n_student: int, n_teacher: int) -> tuple[tuple[int, int], ...]:
        """(student layer, teacher layer) for 0 to n_student; raises ValueError when the student is the deeper one."""
        if not 1 <= n_student <= n_teacher:
            raise ValueError(
                f"a student of {n_student} layers cannot be mapped to a teacher of {n_teacher}; give the student 1 to {n_teacher} layers."
            )
        return tuple((i, self.teacher_layer(i, n_student, n_teacher)) for i in range(n_student + 1))

    @abstractmethod
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer that this student layer looks at."""
