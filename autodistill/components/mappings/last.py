"""The teacher's top layers, in order.

Source   Sun et al. 2019, arXiv:1908.09355, PKD-last; He et al. 2021, arXiv:2109.11105.
Idea     What is close to the answer is in the upper layers.
Inputs   numbers of layers.
Units    hidden indices; 0 is the embedding.
Differs  in nothing.
"""

from autodistill.components.mappings import LayerMapping


class Last(LayerMapping):
    """Layer i looks at layer n_t - n_s + i."""

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The formula."""
        return n_teacher - n_student + layer
