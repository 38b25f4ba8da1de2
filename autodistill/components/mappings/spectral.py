"""Teacher layers chosen where the teacher's states change most.

Source   the entropy: Liao et al. 2024 (DSE), arXiv:2312.04823; choosing layers by it is this
         project's own.
Idea     A teacher does its work unevenly: student layers are spread evenly over the change in the
         entropy of the states, not over the layers.
Inputs   numbers of layers; diffusion spectral entropy of the teacher's mean states, layer by layer.
Units    hidden-state indices; 0 is the embedding.
Differs  spread evenly over the layers where the entropy is unknown.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from autodistill.components.mappings import LayerMapping


class Spectral(LayerMapping):
    """Student layer i gets the teacher layer closest to i / n of the total change.

    No two student layers share a teacher layer.
    """

    chooses = True

    def __init__(self) -> None:
        self.spectrum: Sequence[float] = ()

    def choose_by(self, spectrum: Sequence[float]) -> None:
        """Set the entropy of each layer's states, the embedding's first."""
        self.spectrum = spectrum

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        """The teacher layer nearest to the student layer's share of the change."""
        if len(self.spectrum) != n_teacher + 1 or len(set(self.spectrum)) == 1:
            return layer * n_teacher // n_student
        done = list(accumulate((abs(b - a) for a, b in pairwise(self.spectrum)), initial=0.0))
        chosen, below = 0, -1
        for i in range(layer + 1):
            # leaves a teacher layer for each student layer above
            room = range(below + 1, n_teacher - (n_student - i) + 1)
            chosen = below = min(room, key=lambda j: abs(done[j] - done[-1] * i / n_student))
        return chosen if layer < n_student else n_teacher
