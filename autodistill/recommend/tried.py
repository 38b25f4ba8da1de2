"""Members that enough datasets of past studies have tried."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autodistill.recommend.past import Past
from autodistill.registry import families
from autodistill.registry.ranges import Domain
from autodistill.registry.slots import slots as all_slots
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.study.space import Ask, Space

FEWEST_TRIED = 3
"""Datasets that must have tried a member before a pipeline with it is suggested."""
Choices = Mapping[str, Mapping[str, Domain]]
Tried = frozenset[tuple[str, str]]
"""Slots and members."""


def tried(past: Past) -> Tried:
    """The members that enough past datasets have tried, each with its slot."""
    datasets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, dataset in zip(past.evidence.pipelines, past.evidence.datasets):
        for slot, part in past.pipelines[str(key)].parts():
            datasets[slot, part.name].add(str(dataset))
    return frozenset(member for member, seen in datasets.items() if len(seen) >= FEWEST_TRIED)


def is_of(pipeline: Pipeline, known: Tried) -> bool:
    """Whether a pipeline has such members only, where past tasks had what its slots are for."""
    return all(
        (slot, part.name) in known or not _had(slot, known) for slot, part in pipeline.parts()
    )


def _had(slot: str, known: Tried) -> bool:
    """Whether past tasks had what a slot is for; most had no unlabelled rows."""
    return not all_slots()[slot].given or any(s == slot for s, _ in known)


def _of_slot(slot: str, choices: Choices, known: Tried) -> Choices:
    """The members of a slot that are known; the first one where past tasks had no such slot."""
    if not _had(slot, known):
        return dict(list(choices.items())[:1])
    return {n: k for n, k in choices.items() if n == NONE.name or (slot, n) in known}


def narrowed(space: Space, known: Tried) -> Space | None:
    """The space with such members only; None where it has no pipeline of them."""
    slots = {slot: _of_slot(slot, choices, known) for slot, choices in space.slots.items()}
    students = tuple(s for s in space.students if ("student", s.name) in known)
    if not slots.get("connector", {"any": {}}):  # none is known: only losses that need none
        slots["feature"] = {n: k for n, k in slots["feature"].items() if not _joins(n)}
        slots["connector"] = dict(space.slots["connector"])
    if not slots["mapping"] and NONE.name in slots["feature"]:
        slots |= {"feature": {NONE.name: {}}, "mapping": dict(space.slots["mapping"])}
    if not all(slots.values()) or (space.students and not students):
        return None
    return replace(space, slots=slots, students=students)


def _joins(feature: str) -> bool:
    """Whether a feature loss needs a connector between two widths."""
    return feature != NONE.name and not families.card("losses", feature).traits.get(
        "width_free", True
    )


def values_in(space: Space, small: Space, ask: Ask) -> tuple[Pipeline, dict[str, Any]]:
    """A pipeline of the small space, with the values by which the whole space makes it."""
    given: dict[str, Any] = {
        **small.settled(),
        **({"student": str(small.students[0])} if len(small.students) == 1 else {}),
    }

    def note(name: str, domain: Domain) -> Any:
        given[name] = ask(name, domain)
        return given[name]

    pipeline = small.sample(note)
    values: dict[str, Any] = {}
    space.sample(lambda name, _: values.setdefault(name, given[name]))
    return pipeline, values
