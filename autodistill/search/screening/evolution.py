"""Evolution over the students of a space, judged without training.

Source   Real et al. 2019 (regularised evolution), arXiv:1802.01548: parents are the best of a
         random few, the oldest member leaves.
"""

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from autodistill.registry.ranges import Domain
from autodistill.study.pipeline import Part
from autodistill.study.space import Ask, Space

POPULATION, TOURNAMENT, CROSSED = 16, 5, 0.5
"""Population size, tournament size, and share of children with two parents."""
TRIES_EACH = 20
"""Rejected children in a row after which a new student is drawn."""
Genes = Mapping[str, Any]
"""Parameter values by name."""
Judge = Callable[[Part], float | None]
"""Higher is better; None: known already, or against a limit."""


def evolve(
    space: Space, judge: Judge, draw: Ask, *, most: int, random: random.Random, tries: int = 4000
) -> int:
    """Evolve until `judge` has scored `most` students or was called `tries` times.

    Returns the number of scored students.
    """
    members: deque[tuple[float, Genes]] = deque(maxlen=POPULATION)
    judged, refused = 0, 0
    for _ in range(tries):
        if judged >= most:
            break
        bred = len(members) == POPULATION and refused < TRIES_EACH
        genes, part = _sample(space, _child(members, draw, random) if bred else {}, draw)
        value = judge(part)
        refused = 0 if value is not None or not bred else refused + 1
        if value is not None:
            members.append((value, genes))
            judged += 1
    return judged


def _child(members: deque[tuple[float, Genes]], draw: Ask, random: random.Random) -> dict[str, Any]:
    """The genes of one or two winners, without one gene, which is then drawn anew."""

    def winner() -> Genes:
        return max(random.sample(list(members), TOURNAMENT), key=lambda member: member[0])[1]

    genes = dict(winner())
    if random.random() < CROSSED:
        genes |= {
            k: v
            for k, v in winner().items()
            if k != "student" and k in genes and random.random() < 0.5
        }
    genes.pop(random.choice(list(genes)), None)
    return genes


def _sample(space: Space, known: Mapping[str, Any], draw: Ask) -> tuple[Genes, Part]:
    """The student of these genes; missing ones are drawn."""
    genes: dict[str, Any] = {}

    def ask(name: str, domain: Domain) -> Any:
        genes[name] = (
            known[name]
            if name in known and domain.problem(known[name]) is None
            else draw(name, domain)
        )
        return genes[name]

    return genes, space.part("student", ask)
