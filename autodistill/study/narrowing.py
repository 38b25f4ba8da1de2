"""A space's remaining values where some are ruled out, or would have no effect."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Whole
from autodistill.registry.slots import slots as all_slots
from autodistill.study.network_rules import share_no_tokens
from autodistill.study.rules import NETWORK, Conditions, Slots, enough


def slots_there(slots: Slots, given: Conditions) -> Slots:
    """The slots without those whose condition the task lacks, with those whose condition it has.

    A slot that a space does not name has all members that are offered, over their whole range.
    """
    asked = {name: slot for name, slot in all_slots().items() if slot.given}
    there = {
        name: slots.get(name) or _members(slot.family)
        for name, slot in asked.items()
        if getattr(given, slot.given)
    }
    return {name: made for name, made in slots.items() if name not in asked} | there


def _members(family: str) -> dict[str, Mapping[str, Domain]]:
    cards = {name: families.card(family, name) for name in families.names(family)}
    return {
        name: {k: knob.domain for k, knob in card.knobs.items()}
        for name, card in cards.items()
        if card.traits.get("offered", True)
    }


def narrowed(
    slots: Slots, reasons: Mapping[str, str], given: Conditions
) -> dict[str, Mapping[str, Mapping[str, Domain]]]:
    """The slots without single values that are ruled out, or that nothing would look at."""
    found = dict(slots)
    mixups = found.get("mixup", {})
    held = {n for n in mixups if f"mixup.{n}.teacher=consistent" in reasons}
    found["mixup"] = {
        n: {**knobs, "teacher": _unasked(knobs["teacher"])} if n in held else knobs
        for n, knobs in mixups.items()
    }
    if "mixup" not in slots:
        del found["mixup"]
    if given.layers and given.pooled and found["feature"].keys() - {"none"}:
        found["student"] = _no_deeper(found["student"], given.layers)
    found["student"] = {n: _there(knobs, given.networks) for n, knobs in found["student"].items()}
    if given.images or share_no_tokens(found["student"], given.lacks):
        found["feature"] = {n: _pooled(knobs) for n, knobs in found["feature"].items()}
    if given.classes == 2:
        found["logit"] = {
            name: _without_idle(name, knobs) for name, knobs in found["logit"].items()
        }
    for name, knobs in found["logit"].items():
        facts = families.card("losses", name).traits if name != "none" else {}
        found["logit"] = {**found["logit"], name: {**knobs, **enough(facts, knobs, given)}}
    losses = [n for slot in ("hard", "logit", "feature") for n in found[slot] if n != "none"]
    rows = max((families.card("losses", n).traits.get("fewest_rows", 1) for n in losses), default=1)
    found["optimizer"] = {name: _batches(knobs, rows) for name, knobs in found["optimizer"].items()}
    return found


def _without_idle(loss: str, knobs: Mapping[str, Domain]) -> Mapping[str, Domain]:
    """With the default alone for knobs that change nothing at two classes."""
    idle = (
        families.card("losses", loss).traits.get("idle_at_two", frozenset())
        if loss != "none"
        else frozenset()
    )
    return (
        {
            **knobs,
            **{
                k: OneOf(families.card("losses", loss).knobs[k].default)
                for k in idle & knobs.keys()
            },
        }
        if idle
        else knobs
    )


def _there(knobs: Mapping[str, Domain], networks: int) -> Mapping[str, Domain]:
    """With the networks alone that are named, by a text or by a number up to `networks`."""
    choices = getattr(knobs.get(NETWORK), "choices", ())
    there = [c for c in choices if isinstance(c, str) or c <= networks]
    return {**knobs, NETWORK: OneOf(*there)} if there else knobs


def _pooled(knobs: Mapping[str, Domain]) -> Mapping[str, Domain]:
    """With mean states alone, where tokens are a choice beside them."""
    return (
        {**knobs, "on": OneOf("pooled")}
        if "pooled" in getattr(knobs.get("on"), "choices", ())
        else knobs
    )


def _unasked(teacher: Domain) -> OneOf:
    """The remaining teachers where one cannot be queried about mixed rows."""
    return OneOf(*(c for c in getattr(teacher, "choices", ()) if c != "consistent"))


def _batches(knobs: Mapping[str, Domain], rows: int) -> Mapping[str, Domain]:
    choices = getattr(knobs.get("batch"), "choices", ())
    large = tuple(b for b in choices if b >= rows)
    return {**knobs, "batch": OneOf(*large)} if large and large != choices else knobs


def _no_deeper(
    students: Mapping[str, Mapping[str, Domain]], layers: int
) -> dict[str, Mapping[str, Domain]]:
    """Students without depths beyond the teacher's.

    A layer map gives each student layer one of the teacher's.
    """
    found: dict[str, Mapping[str, Domain]] = {}
    for name, knobs in students.items():
        match knobs.get("layers"):
            case Whole(low=low) if low > layers:
                continue
            case Whole(low=low, high=high, log=log) if high > layers:
                found[name] = {**knobs, "layers": Whole(low, layers, log)}
            case _:
                found[name] = knobs
    return found


def default_of(
    defaults: Mapping[str, Any], starts: Sequence[Mapping[str, Any]], students: Collection[str]
) -> Mapping[str, Any]:
    """The default recipe's values; those of a start where the default student is not there."""
    if defaults.get("student") in students:
        return defaults
    there = (start for start in starts if start.get("student") in students)
    return {**defaults, **next(there, {})}
