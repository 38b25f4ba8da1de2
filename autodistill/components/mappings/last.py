"""The teacher's top layers, in order.

Source   Sun et al. 2019, arXiv:1908.09355, PKD-last; He et al. 2021, arXiv:2109.11105.
Idea     The upper layers are closest to the prediction.
Inputs   numbers of layers.
Units    hidden-state indices; 0 is the embedding.
Differs  no deviation from the source.
"""

from autodistill.components.mappings import LayerMapping


class Last(LayerMapping):
    """Student layer i is compared with teacher layer n_t - n_s + i."""

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer n_t - n_s + layer."""
        return n_teacher - n_student + layer
