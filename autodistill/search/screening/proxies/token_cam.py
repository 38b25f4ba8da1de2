"""Overlap of the tokens that two networks attribute the label to.

Source   Dong et al. 2023 (DisWOT), arXiv:2303.15678, its class activation maps, with tokens in
         place of positions.
Idea     A map of the tokens that speak for the label has no width, and is meaningful at two
         classes, too.
Inputs   a student and a teacher with the same tokens; labels.
Units    minus a squared distance of shares of tokens, from -2 to 0.
Differs  the gradient is negated: the loss falls along it, so that the map is of the tokens that
         speak for the label, not against it.
"""

import math
from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy
from autodistill.search.screening.proxies._heads import gradient_of
from autodistill.search.screening.proxies._relations import token_distance, token_map


class TokenCAM(Proxy):
    """Minus the distance of the maps; NaN where positions differ."""

    compares = True

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        maps = []
        for network in (student, teacher):
            gradient, states = gradient_of(network, shown)
            maps.append(token_map(states, -gradient, shown.labels, shown.mask(states)))
        return -float(token_distance(*maps)) if maps[0].shape == maps[1].shape else math.nan
