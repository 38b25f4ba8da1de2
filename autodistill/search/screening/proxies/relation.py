"""Similarity of the relations between rows in two networks.

Source   Dong et al. 2023 (DisWOT), arXiv:2303.15678, the relation metric.
Idea     A student that places rows as near to each other as its teacher does, before any
         training, will follow it easily.
Inputs   a student and a teacher; mean states of the last layer over valid tokens.
Units    minus a squared distance of shares: 0 for equal relations.
Differs  states are means over tokens in place of maps; centred first unless requested otherwise,
         since normed layers share a large mean.
"""

from typing import Annotated, Any

from autodistill.registry.ranges import OneOf
from autodistill.search.screening.proxies import ForwardOutput, Proxy, mean_states
from autodistill.search.screening.proxies._relations import relation_distance


class Relation(Proxy):
    """Minus the distance of the relations."""

    compares = True

    def __init__(self, *, centred: Annotated[str, OneOf("yes", "no")] = "yes") -> None:
        self.centred = centred

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        ours, theirs = (mean_states(net, shown) for net in (student, teacher))
        return -float(relation_distance(ours, theirs, centred=self.centred == "yes"))
