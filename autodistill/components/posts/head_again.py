"""Another training of the head, with the student itself as its teacher.

Source   Yang et al. 2023 (DWPose), arXiv:2307.15880, second stage: the trained student teaches its
         own head.
Idea     Once the layers below have converged, a short training of the head alone on the student's
         own soft targets smooths it.
Inputs   the trained student; labels.
Units    those of the losses.
Differs  labels contribute as well.
"""

from typing import Annotated

from autodistill.components.posts import Post
from autodistill.registry.ranges import OneOf
from autodistill.study.pipeline import Part, Term


class HeadAgain(Post):
    def __init__(self, *, share: Annotated[float, OneOf(0.1, 0.2, 0.3)] = 0.2) -> None:
        self.share = share
        self.terms = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))
