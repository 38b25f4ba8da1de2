"""Space files: what a search may vary, as a person writes it in TOML.

A file names only what varies: a slot that is left out takes its default member at its default
values, and a stage that is left out stays empty.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Real, shortened
from autodistill.registry.slots import Slot, slots
from autodistill.study.space import WEIGHTS, Space
from autodistill.study.toml_file import read_toml

MOST_PROBLEMS = 100
"""Problems of one file that are listed."""
PLAIN = ("about", "start", "scale_rates")
"""Entries of a file that are no tables of choices."""
EVERY = "*"
"""Stands for all members of a slot, with their whole ranges."""
EVEN = 0.5
"""The logit loss's weight where a file names neither the loss nor the weight."""


def read_space(path: Path) -> Space:
    """A space from its TOML file; raises SpecError with every problem of the file."""
    data = read_toml(path, path.name)
    tables = {k: v for k, v in data.items() if k not in PLAIN} | {
        f"{s}.{c}": v for s in slots() for c, v in _table(data.get(s)).items()
    }
    if problems := [
        f"{path.name}: {k:.60} is {shortened(v)}, not a table; write [{k:.60}]."
        for k, v in tables.items()
        if not isinstance(v, dict)
    ]:
        raise SpecError(problems[:MOST_PROBLEMS])
    if not isinstance(about := data.get("about", ""), str):
        problems.append(f"{path.name}: about is {shortened(about)}, not text.")
    if not isinstance(scale_rates := data.get("scale_rates", False), bool):
        problems.append(f"{path.name}: scale_rates is {shortened(scale_rates)}, not true or false.")
    chosen = {
        name: _read_slot(slot, data[name], path.name, problems) if name in data else _default(slot)
        for name, slot in slots().items()
        if name in data or slot.default != "none" or not slot.may_be_absent
    }
    weights = dict(WEIGHTS)
    if "logit" not in data:
        weights["logit"] = WEIGHTS["logit"].narrow(EVEN)
    for key, wish in data.get("weight", {}).items():
        if key not in WEIGHTS:
            problems.append(f"{path.name}: " + choose_from("weight", key, tuple(WEIGHTS)))
            continue
        try:
            weights[key] = WEIGHTS[key].narrow(wish)
        except ValueError as error:
            problems.append(f"{path.name}: weight.{key}: {error}.")
    unknown = sorted(data.keys() - {*slots(), "weight", "default", *PLAIN})
    for key in unknown[:MOST_PROBLEMS]:
        problems.append(f"{path.name}: " + choose_from("slot", key, tuple(slots())))
    starts = data.get("start", [])
    problems += _check_defaults(data.get("default", {}), chosen, weights, f"{path.name}: default")
    problems += _check_starts(starts, chosen, weights, path.name)
    if problems:
        raise SpecError(problems[:MOST_PROBLEMS])
    return Space(
        *(path.stem, about, chosen, weights, data.get("default", {}), tuple(starts)),
        scale_rates=scale_rates,
    )


def members(slot: Slot) -> list[str]:
    """Names of the members that may fill a slot."""
    names = families.names(slot.family)
    if slot.place != "loss":
        return list(names)
    return [n for n in names if families.card(slot.family, n).traits.get("kind") == slot.name]


def _default(slot: Slot) -> dict[str, dict[str, Domain]]:
    """The choice of a slot that a file leaves out: its default member, its values fixed."""
    if slot.default == "none":
        return {"none": {}}
    knobs = families.card(slot.family, slot.default).knobs
    return {slot.default: {name: knob.fixed() for name, knob in knobs.items()}}


def _read_slot(
    slot: Slot, text: Mapping[str, Any], place: str, problems: list[str]
) -> dict[str, dict[str, Domain]]:
    found: dict[str, dict[str, Domain]] = {}
    known = members(slot)
    for choice, wishes in _spelled_out(text, known).items():
        if choice == "none" and slot.optional:
            found[choice] = {}
            continue
        if len(problems) > MOST_PROBLEMS:
            break
        if choice not in known:
            problems.append(f"{place}: " + choose_from(f"choice for {slot.name}", choice, known))
            continue
        card = families.card(slot.family, choice)
        knobs, found[choice] = card.knobs, {k: knob.domain for k, knob in card.knobs.items()}
        for written, wish in wishes.items():
            key = card.traits.get("spelled", {}).get(written, written)
            if key not in knobs:
                problems.append(
                    f"{place}: {slot.name}.{choice} has no knob '{key}'; it has "
                    f"{', '.join(knobs) or 'none'}."
                )
                continue
            try:
                found[choice][key] = knobs[key].domain.narrow(wish)
            except ValueError as error:
                problems.append(f"{place}: {slot.name}.{choice}.{key}: {error}.")
    if not text:
        problems.append(
            f"{place}: slot '{slot.name}' is empty; write [{slot.name}.NAME] for each choice, or "
            "leave it out."
        )
    return found


def _check_defaults(
    defaults: Mapping[str, Any],
    chosen: Mapping[str, Mapping[str, Mapping[str, Domain]]],
    weights: Mapping[str, Real],
    place: str,
) -> list[str]:
    """A default that would never be used is a typing error."""
    asked: dict[str, Domain] = {
        slot: OneOf(*choices) for slot, choices in chosen.items() if choices
    }
    asked |= {
        f"{s}.{c}.{k}": domain
        for s, choices in chosen.items()
        for c, knobs in choices.items()
        for k, domain in knobs.items()
    }
    asked |= {f"weight.{k}": domain for k, domain in weights.items()}
    strange = [key for key in defaults if key not in asked][:MOST_PROBLEMS]
    file, _, table = place.partition(": ")
    unknown = [f"{file}: " + choose_from(table, key, tuple(asked)) for key in strange]
    issues = {k: asked[k].problem(v) for k, v in defaults.items() if k in asked}
    return unknown + [f"{place}.{k}: {issue}." for k, issue in issues.items() if issue]


def _check_starts(
    starts: Any,
    chosen: Mapping[str, Mapping[str, Mapping[str, Domain]]],
    weights: Mapping[str, Real],
    file: str,
) -> list[str]:
    """The same for recipes to start with."""
    if not isinstance(starts, list) or not all(isinstance(start, dict) for start in starts):
        return [f"{file}: start is {shortened(starts)}; write [[start]] above each recipe."]
    return [
        problem
        for start in starts
        for problem in _check_defaults(start, chosen, weights, f"{file}: start")
    ]


def _spelled_out(text: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """With every member in place of `*`; what is written about one of them holds."""
    found: dict[str, Any] = {}
    for choice, wishes in text.items():
        found |= (
            {n: text.get(n, {}) for n in known}
            if choice == EVERY and not wishes
            else {choice: wishes}
        )
    return found


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
