"""Parts that cannot stand beside a network that is named as a student, and the reasons.

Logits and mean states belong to a row, so they teach whatever the tokens are; what belongs to one
token needs the same token in both networks.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf
from autodistill.registry.slots import slots as all_slots
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.rules import NETWORK, Slots, by_token, named_by, signal_of

Lack = Literal["tokens", "projections", "layers", "embeddings"]
"""The teacher's tokens; projections of its attention; as few layers as the teacher; embeddings in
place of ids."""
Lacks = Mapping[str, frozenset[Lack]]
"""Properties that each network lacks, by name; none for networks that are not there."""


def clash(slot: str, part: Part, student: Part, lacks: Lacks) -> str:
    """The property that a part needs and the student's network lacks; empty if there is none."""
    lack = lacks.get(str(student.knobs.get(NETWORK)), frozenset[Lack]())
    return next(_needs(slot, part, lack), "") if lack and part.name != "none" else ""


def _needs(slot: str, part: Part, lack: frozenset[Lack]) -> Iterator[str]:
    if slot == "feature":
        signals = by_token([Term(part, 1.0)])
        if signals and "tokens" in lack:
            yield (
                "it compares the two networks token by token, and the tokens of this one are not "
                "the teacher's; take a loss on mean states, or a network with the teacher's "
                "tokenizer"
            )
        if "projections" in signals and "projections" in lack:
            yield "the attention of this network has no queries, keys and values of its own"
        if "layers" in lack:
            yield "it compares layers, and this network has more of them than the teacher"
    if slot == "mixup":
        card = families.card("mixups", part.name)
        known = card.knobs.get("teacher")
        if "tokens" in lack and part.knobs.get("teacher", known and known.default) == "consistent":
            yield (
                "the teacher is asked about blended words, and the tokens of this network are not "
                "the teacher's; take teacher = 'interpolate' or 'silent'"
            )
        if "embeddings" in lack and card.traits.get("place", "embedding") == "embedding":
            yield "this network answers otherwise to words without their ids"
    copies = slot == "tutor" and families.card("tutors", part.name).traits.get("copies_student")
    if copies and "tokens" in lack:
        yield "it trains a copy of the student, and a tutor reads the teacher's tokens"


def clashes(pipeline: Pipeline, lacks: Lacks) -> list[str]:
    """Every part that cannot stand beside the student: both names, and the reason."""
    student = pipeline.student
    return [
        f"{all_slots()[slot].family} '{part.name}' (slot {slot}) cannot stand beside the student "
        f"'{student.name}' of the network '{student.knobs[NETWORK]}': {why}."
        for slot, part in pipeline.parts()
        if (why := clash(slot, part, student, lacks))
    ]


def share_no_tokens(students: Mapping[str, Mapping[str, Domain]], lacks: Lacks) -> bool:
    """Whether no student can read the teacher's tokens."""
    return bool(students) and all(
        (names := named_by(knobs))
        and all("tokens" in lacks.get(name, ()) for name in names)
        and len(names) == len(getattr(knobs[NETWORK], "choices", ()))
        for knobs in students.values()
    )


def without_tokens(slots: Slots, reasons: Mapping[str, str], lacks: Lacks) -> dict[str, str]:
    """Features and mixups that are impossible since every student reads tokens of its own."""
    students = {n: k for n, k in slots["student"].items() if f"student.{n}" not in reasons}
    if not share_no_tokens(students, lacks):
        return {}
    why = "no student of the space reads the teacher's tokens"
    found = {
        f"feature.{name}": f"it compares tokens, and {why}"
        for name, knobs in slots["feature"].items()
        if name != "none" and _only_by_token(name, knobs)
    }
    asked = {
        f"mixup.{name}": f"the teacher is asked about blended words, and {why}"
        for name, knobs in slots.get("mixup", {}).items()
        if knobs.get("teacher") == OneOf("consistent")
    }
    return found | asked


def _only_by_token(loss: str, knobs: Mapping[str, Domain]) -> bool:
    asked = getattr(knobs.get("on"), "choices", (signal_of(Part(loss)),))
    return all(by_token([Term(Part(loss, {"on": signal}), 1.0)]) for signal in asked)
