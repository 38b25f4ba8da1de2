"""Choices and knob values that a task and a teacher rule out, each with a reason."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf
from autodistill.registry.slots import slots as all_slots
from autodistill.runtime.settings import STUDENT
from autodistill.study.pipeline import Part, Term

NETWORK = "network"
"""The knob of a student that names a network."""
Slots = Mapping[str, Mapping[str, Mapping[str, Domain]]]
"""Slots with their choices, each choice with the domains of its knobs."""
RARE = 0.3
"""Share of the rarest class up to which a loss made for rare classes makes sense."""


@dataclass(frozen=True)
class Conditions:
    """Properties of a task and a teacher that decide which choices are possible."""

    classes: int = 2
    pooled: bool = True
    """The teacher's states are recorded, not only its logits."""
    projects: bool = True
    """Queries, keys and values of the teacher's attention can be looked at."""
    cut: bool = True
    """There is a network to cut a student from."""
    words: bool = True
    """The teacher's network reads words of a vocabulary, not characters."""
    layers: int = 0
    """Layers of the teacher; 0: not known."""
    blends: bool = True
    """The teacher's network reads blended words: it needs no ids."""
    asks: bool = True
    """The teacher can be asked about any input, not only read where it has answered."""
    tunes: bool = True
    """The teacher was tuned here, from a network that is at hand."""
    rarest: float = 0.0
    """Share of the rarest class."""
    rarest_rows: int = 0
    """Rows of the rarest class; 0: not known."""
    ordered: bool = False
    """The classes are steps of a scale."""
    metric: str = ""
    kind: str = ""
    """The kind of the teacher's network, as its config names it; empty: not known."""
    images: bool = False
    """Rows are images."""
    pool: bool = False
    """There are unlabelled rows, which the teacher answered."""
    networks: int = 8
    """Small ones that an environment variable names for students, each by its number."""
    privacy: bool = False
    """The leak of students is an objective."""
    named: frozenset[str] = frozenset()
    """Environment variables that are set: some name networks that a member needs."""
    lacks: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    """Properties that each network named as a student lacks: see study.network_rules."""


def signal_of(loss: Part) -> str:
    """The teacher signal that a feature loss compares; empty for other losses.

    One of pooled, tokens or projections.
    """
    facts = families.card("losses", loss.name).traits
    return (
        str(loss.knobs.get("on", facts.get("signal", "pooled")))
        if facts["kind"] == "feature"
        else ""
    )


def by_token(terms: Sequence[Term]) -> set[str]:
    """The teacher's signals that terms need for every token: tokens, projections."""
    found = {
        signal_of(t.loss)
        for t in terms
        if families.card("losses", t.loss.name).traits.get("matches", True)
    }
    return found - {"", "pooled"}


def is_scale(names: Sequence[str]) -> bool:
    """Whether classes are steps of a scale, such as 1 star to 5 stars.

    Names 0, 1, 2 and so on may be mere codes.
    """
    numbers = [
        float(found[0]) if (found := re.match(r"-?\d+(\.\d+)?", name.strip())) else math.nan
        for name in names
    ]
    codes = [str(n) for n in range(len(names))]
    return all(a < b for a, b in pairwise(numbers)) and list(names) != codes


def impossible(slots: Slots, given: Conditions) -> dict[str, str]:
    """Why, by `slot.choice`, or by `slot.choice.knob=value` where other values stay."""
    always_mixes = "none" not in slots.get("mixup", {"none": {}})
    batch = max(
        (
            b
            for knobs in slots.get("optimizer", {}).values()
            for b in getattr(knobs.get("batch"), "choices", ())
        ),
        default=0,
    )
    found = {}
    for slot, name, knobs in (
        (s, c, k) for s, choices in slots.items() for c, k in choices.items() if c != "none"
    ):
        facts, key = families.card(all_slots()[slot].family, name).traits, f"{slot}.{name}"
        if slot in ("hard", "logit") and always_mixes and not takes_mixed_labels(name):
            found[key] = "it looks at one class per row, and this space always mixes rows"
        elif NETWORK in knobs and not named_by(knobs) and STUDENT not in given.named:
            found[key] = "no network is named for it: see --student"
        elif reason := next(_reasons(slot, facts, given, batch), ""):
            found[key] = reason
        elif short := [k for k, d in enough(facts, knobs, given).items() if d == OneOf()]:
            found[key] = (
                f"there are too few rows of the rarest class for any {short[0]}: "
                f"{given.rarest_rows}"
            )
        if (
            slot == "mixup"
            and not given.asks
            and "consistent" in getattr(knobs["teacher"], "choices", ())
        ):
            place = key if knobs["teacher"] == OneOf("consistent") else f"{key}.teacher=consistent"
            found[place] = "the teacher gives labels only, it cannot be asked about mixed texts"
    return found


def _reasons(slot: str, facts: Mapping[str, Any], given: Conditions, batch: int) -> Iterator[str]:
    reads = facts.get("reads", "texts") if slot in ("student", "augmentation", "tutor") else "both"
    if reads != "both" and given.images != (reads == "images"):
        yield f"it is for {reads}, the task is of {'images' if given.images else 'texts'}"
    if given.images and facts.get("signal") in ("tokens", "projections"):
        yield "it looks at tokens, the task is of images"
    if {"pooled", "tokens", "projections"} & set(facts.get("needs", ())) and not given.pooled:
        yield "the teacher gives labels only, no states"
    if facts.get("signal") == "projections" and not given.projects:
        yield "the teacher's attention has no maps to queries, keys and values of their own"
    if slot == "mixup" and not given.blends and facts.get("place") != "state":
        yield "the teacher's network answers otherwise to words without their ids"
    if slot == "student" and not given.cut and facts.get("from_teacher"):
        yield "there is no network that can be cut to some of its layers"
    if slot == "student" and not given.words and facts.get("word_vectors"):
        yield "the teacher's network reads characters, there is no vocabulary"
    if (kinds := facts.get("kinds")) and given.kind not in ("", *kinds):
        yield f"it is for teachers of the kind {', '.join(kinds)}, this one is {given.kind}"
    counts = slot in ("hard", "logit", "sampling")
    if counts and given.classes < (fewest := facts.get("fewest_classes", 2)):
        yield f"it needs {fewest} classes or more, the task has {given.classes}"
    if given.classes > (most := facts.get("most_classes", 0) or given.classes):
        yield f"it is for {most} classes at most, the task has {given.classes}"
    if batch and batch < (rows := facts.get("fewest_rows", 1)):
        yield f"it needs {rows} rows or more in a batch, the space has {batch} at most"
    if facts.get("ordered_only") and not given.ordered:
        yield (
            "it is for classes that are steps of a scale: names that begin with rising numbers, "
            "not 0, 1, 2 alone"
        )
    if facts.get("rare_classes_only") and given.rarest > RARE and "f1" not in given.metric:
        yield (
            f"it is for rare classes or for F1; the rarest class has {given.rarest:.0%} of the rows"
        )
    if missing := [v for v in facts.get("variables", ()) if v not in given.named]:
        yield f"it needs another network: set {' and '.join(missing)} to its folder"
    if facts.get("for_teachers"):
        yield "it is made to tune a teacher: see the tutor of this name"
    if slot == "tutor" and not given.asks:
        yield "the teacher gives labels only, there is no network to make a tutor of"
    if facts.get("from_start") and not given.tunes:
        yield "the teacher was tuned elsewhere, what it was tuned from is not known"
    if facts.get("for_privacy") and not given.privacy:
        yield (
            "it gives up score for privacy, which this search does not measure: it would always "
            "choose to have less of it; see --privacy"
        )
    if slot == "augmentation" and not given.asks:
        yield "the teacher gives labels only, it cannot be asked about changed texts"


def named_by(knobs: Mapping[str, Domain]) -> tuple[str, ...]:
    """The networks that a student's knobs name."""
    choices = getattr(knobs.get(NETWORK), "choices", ())
    return tuple(choice for choice in choices if isinstance(choice, str))


def can_match(student: Part, feature: Part) -> bool:
    """Whether this student has what this feature loss looks at."""
    return (
        feature.name == "none"
        or signal_of(feature) != "projections"
        or bool(families.card("students", student.name).traits.get("attends", True))
    )


def takes_mixed_labels(loss: str) -> bool:
    """Whether this loss can be used on mixed rows.

    It takes shares of the classes, or does not look at labels.
    """
    facts = families.card("losses", loss).traits
    return bool(facts.get("soft_labels")) or "labels" not in facts.get("needs", frozenset())


def sees_rows(loss: str) -> bool:
    """Whether a loss says for each row by itself where the student should go."""
    return bool(families.card("losses", loss).traits.get("sees_rows", True))


def enough(
    facts: Mapping[str, Any], knobs: Mapping[str, Domain], given: Conditions
) -> dict[str, Domain]:
    """Knobs that need rows of every class, with the values for which there are enough."""
    wanted = {
        k: (n, knobs[k])
        for k, n in facts.get("rows_for", {}).items()
        if given.rarest_rows and k in knobs
    }
    return {
        k: OneOf(*(c for c in d.choices if n * c <= given.rarest_rows))
        for k, (n, d) in wanted.items()
        if isinstance(d, OneOf)
    }
