"""Teacher layers spread evenly over its whole depth.

Source   Sun et al. 2019, arXiv:1908.09355, PKD-skip; He et al. 2021, arXiv:2109.11105.
Idea     Each student layer does the work of several teacher layers and is compared with the last of
         them.
Inputs   numbers of layers.
Units    hidden-state indices; 0 is the embedding.
Differs  integer arithmetic: in floating point some depths come out wrong, such as 11 of 15 layers.
"""

from autodistill.components.mappings import LayerMapping


class Skip(LayerMapping):
    """Student layer i is compared with teacher layer i n_t // n_s."""

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer `layer` n_t // n_s."""
        return layer * n_teacher // n_student
