"""The last layer alone.

Source   Wang et al. 2020 (MiniLM), arXiv:2002.10957: no layer mapping is needed when only the last
         layers are compared.
Idea     The student is free in how it gets there.
Inputs   numbers of layers.
Units    hidden-state indices; 0 is the embedding.
Differs  no deviation from the source.
"""

from autodistill.components.mappings import LayerMapping, Pairs


class LastOnly(LayerMapping):
    """A single pair: the last layers."""

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """The last of the mapped pairs."""
        return super().pairs(n_student, n_teacher)[-1:]

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer n_t - n_s + layer."""
        return n_teacher - n_student + layer
