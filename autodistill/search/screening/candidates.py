"""Candidate students of a space: distinct shapes within limits, with their cost."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from autodistill.registry import families
from autodistill.registry.ranges import random_ask
from autodistill.search.screening.evolution import evolve
from autodistill.study.pipeline import Part
from autodistill.study.space import Space
from autodistill.study.student_networks import network_recipes
from autodistill.training.latency import measure, shape_of
from autodistill.training.shapes import count
from autodistill.training.trial_data import TrialData

TRIES = 600
"""Draws from a space that is searched for students of different shapes."""


@dataclass(frozen=True)
class Candidate:
    """One student."""

    student: Part
    cost: Mapping[str, float]
    """params, size_bytes, latency_ms."""
    learns: float
    """Trained values: fewer than parameters for inherited, frozen word embeddings."""


class Candidates:
    """The students built so far, one per shape."""

    def __init__(
        self,
        space: Space,
        data: TrialData,
        limits: Mapping[str, float],
    ) -> None:
        self.space = space
        self.data = data
        self.limits = limits
        self.asked: set[str] = set()
        """Parts that were built once: a small space draws the same few again and again."""
        self.shapes: set[str] = set()
        self.found: list[Candidate] = []
        self.against_limits = 0
        self.costs: dict[str, dict[str, float]] = {}
        """Latency, and bytes of a file, by shape: two students of one shape are equally fast."""

    def build(self, part: Part) -> Any:
        """The student as it would be trained."""
        student = families.build("students", part.name, part.knobs)
        network = student.build(
            self.data.backbone, self.data.vocabularies[self.data.words_of(student)]
        )
        network.pace = student.pace
        network.read_tokens = self.data.median_length(student)
        return network

    def add(self, part: Part) -> Candidate | None:
        """The student, if its shape is new and it is within the limits."""
        if (asked := repr(part)) in self.asked:
            return None
        self.asked.add(asked)
        torch.manual_seed(0)  # two students that inherit the same, or draw the same, are one
        network = self.build(part)
        shape = f"{shape_of(network)} {network.read_tokens}"
        key = f"{shape} {sum(float(p.detach().abs().sum()) for p in network.parameters()):.6g}"
        if key in self.shapes:
            return None
        self.shapes.add(key)
        if shape not in self.costs:
            self.costs[shape] = measure(network, network.read_tokens, self.data.target)
        cost = {**count(network), **self.costs[shape]}
        if any(cost[k] > limit for k, limit in self.limits.items()):
            self.against_limits += 1
            return None
        self.found.append(
            Candidate(
                part, cost, float(sum(p.numel() for p in network.parameters() if p.requires_grad))
            )
        )
        return self.found[-1]

    def draw(self, most: int, seed: int = 0) -> list[Candidate]:
        """All students, up to `most`, at random; a small space is enumerated in full.

        Networks that the space names come first.
        """
        draw = random_ask(random.Random(seed))
        for values in network_recipes(self.space):
            self.add(self.space.made_of(values).student)
        for _ in range(TRIES):
            if len(self.found) >= most:
                break
            self.add(self.space.part("student", draw))
        return self.found

    def evolve(
        self, most: int, judge: Callable[[Candidate], float], seed: int = 0
    ) -> list[Candidate]:
        """Up to `most` students, each bred from those with a high `judge` score before."""
        draw = random.Random(seed)

        def fitness(part: Part) -> float | None:
            made = self.add(part)
            return None if made is None else judge(made)

        evolve(self.space, fitness, random_ask(draw), most=most, random=draw, tries=TRIES)
        return self.found
