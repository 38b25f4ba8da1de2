"""Similarity of the class relations in two networks' heads.

Source   Dong et al. 2023 (DisWOT), arXiv:2303.15678, the semantic metric, class by class.
Idea     Gradients of the head tell which features stand for which class; classes that resemble
         each other should do so in both networks.
Inputs   a student and a teacher; labels of three classes or more: at two it is always zero.
Units    minus a squared distance of shares.
Differs  classes in place of channels, so that widths may differ; features are mean states over
         tokens.
"""

from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy
from autodistill.search.screening.proxies._heads import gradient_of
from autodistill.search.screening.proxies._relations import class_distance


class Semantic(Proxy):
    """Minus the distance of the classes' relations."""

    compares = True
    fewest_classes = 3

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        return -float(
            class_distance(gradient_of(student, shown)[0], gradient_of(teacher, shown)[0])
        )
