"""Networks that a person names as students, by --student or in a space."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autodistill.registry import families
from autodistill.registry.ranges import OneOf
from autodistill.study.rules import NETWORK, named_by
from autodistill.study.space import Space

MEMBER = "checkpoint"
"""The student that is made of one."""


def with_networks(space: Space, names: Sequence[str]) -> Space:
    """The space with these networks among its students; those that it has stay."""
    if not names:
        return space
    students = space.slots["student"]
    whole = {k: knob.domain for k, knob in families.card("students", MEMBER).knobs.items()}
    knobs = {**whole, **students.get(MEMBER, {})}
    own = () if knobs[NETWORK] == whole[NETWORK] else getattr(knobs[NETWORK], "choices", ())
    knobs[NETWORK] = OneOf(*dict.fromkeys((*own, *names)))
    return replace(space, slots={**space.slots, "student": {**students, MEMBER: knobs}})


def names_in(space: Space) -> tuple[str, ...]:
    """The networks that a space names, in its order."""
    return named_by(space.slots["student"].get(MEMBER, {}))


def network_recipes(space: Space) -> list[dict[str, Any]]:
    """The default recipe with each network that the space names, as values by asked name.

    None where the students were chosen before.
    """
    if space.students:
        return []
    named = ({"student": MEMBER, f"student.{MEMBER}.{NETWORK}": name} for name in names_in(space))
    found = [space.with_defaults(wish).default_values() for wish in named]
    return [values for values in found if values != space.default_values()]
