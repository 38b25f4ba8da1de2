"""Similarity of the channel use of two networks' heads.

Source   Dong et al. 2023 (DisWOT), the released code: outer products of the head's gradients,
         class by class.
Idea     As the semantic metric, channel by channel, of networks whose weights are normal of
         deviation one.
Inputs   a student and a teacher of equal widths; labels.
Units    minus a squared distance of shares; NaN where widths differ.
Differs  features are mean states over tokens. Channel i of one network has nothing to do with
         channel i of another; on residual networks its ranking comes from the depth of the last
         stage, by which features grow at such weights: benchmarks/README.md.
"""

import math
from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy
from autodistill.search.screening.proxies._heads import gradient_of
from autodistill.search.screening.proxies._relations import channel_distance


class Channels(Proxy):
    """Minus the distance of the outer products."""

    compares = True
    weights = "normal"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        ours, theirs = gradient_of(student, shown)[0], gradient_of(teacher, shown)[0]
        return -float(channel_distance(ours, theirs)) if ours.shape == theirs.shape else math.nan
