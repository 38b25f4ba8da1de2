"""The last layer alone.

Source   Wang et al. 2020 (MiniLM), arXiv:2002.10957: no layer map is needed when only the last layers are compared.
Idea     The student is free in how it gets there.
Inputs   numbers of layers.
Units    hidden indices; 0 is the embedding.
Differs  in nothing.
"""

from autodistill.components.mappings import LayerMapping, Pairs


class LastOnly(LayerMapping):
    """One pair."""

    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        """The last of the mapped ones."""
        return super().pairs(n_student, n_teacher)[-1:]

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The formula."""
        return n_teacher - n_student + layer
