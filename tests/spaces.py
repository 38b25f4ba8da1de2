"""A small space, and what samples of any space must be."""

import math
import random
from pathlib import Path
from typing import Any

from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.registry.slots import slots
from autodistill.study.pace import at_pace, pace_of
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.space import Ask, Space
from autodistill.study.space_file import read_space

SMALL = """
[student.cut]
keep = [0.5]
[hard.ce]
[logit.none]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
lr = [1e-4, 1e-3]
"""


def random_ask(draw: random.Random) -> Ask:
    """Answers like a sampler; both ends of an interval come up."""

    def ask(name: str, domain: Domain) -> Any:
        match domain:
            case OneOf(choices=choices):
                return draw.choice(choices)
            case Whole(low=low, high=high):
                return draw.randint(low, high)
            case Real(low=low, high=high, log=log):
                drawn = (
                    math.exp(draw.uniform(math.log(low), math.log(high)))
                    if log
                    else draw.uniform(low, high)
                )
                return draw.choice(
                    [low, high, min(max(drawn, low), high), min(max(drawn, low), high)]
                )

    return ask


def kind(part: Part) -> str:
    """hard, logit or feature."""
    return str(families.card("losses", part.name).traits["kind"])


def outside(space: Space, pipeline: Pipeline) -> list[str]:
    """Every value of a pipeline that the space does not allow."""
    found = []
    for slot, part in pipeline.parts():
        if slot == "optimizer" and space.scale_rates:
            part = at_pace(part, 1 / pace_of(pipeline.student))
        domains = space.slots[slot][part.name]
        found += families.check(slots()[slot].family, part.name, part.knobs)
        found += [f"{slot}.{part.name}.{k}" for k in set(domains) ^ set(part.knobs)]
        found += [
            f"{slot}.{part.name}.{k}: {issue}"
            for k, v in part.knobs.items()
            if (issue := domains[k].problem(v))
        ]
    return found


def small(folder: Path, text: str = SMALL) -> Space:
    """A space from this text."""
    (folder / "small.toml").write_text(text)
    return read_space(folder / "small.toml")
