"""Lists and pages of `autodistill ls` and `autodistill show`, read from the folders."""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from autodistill.cli.kinds import family_of, read_kind
from autodistill.cli.tables import print_table, print_text
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.families import Card
from autodistill.registry.ranges import Domain, Named, OneOf
from autodistill.registry.slots import slots
from autodistill.study import spaces
from autodistill.study.pace import pace_of
from autodistill.study.pipeline import Part
from autodistill.study.rules import Conditions, impossible
from autodistill.study.space import Space


def list_members(what: str, storage: str, classes: int = 0) -> None:
    """Print a line for each thing of a kind.

    With `classes`: losses for so many classes, and why the others do not suit.
    """
    kind = read_kind(what)
    if classes and kind != "losses":
        raise SpecError(f"--classes is about losses, not {what}; leave it out.")
    match kind:
        case "spaces":
            rows = [_space_row(name) for name in spaces.names("search_spaces")]
            print_table(("name", "parts", "values", "about"), rows)
        case "studies":
            _list_studies(storage)
        case _:
            _list_family(kind, _ruled_out(classes) if classes else {})
            if classes:
                print_text(f"\nnot for {classes} classes:")
                print_table(("name", "why"), [*_ruled_out(classes).items()])


def show_member(what: str, name: str, storage: str) -> None:
    """Print one member, space or study in full."""
    match kind := read_kind(what):
        case "spaces":
            _show_space(spaces.space(name))
        case "studies":
            _show_study(name, storage)
        case _:
            _show_card(kind, families.card(family_of(kind), name))


def describe(domain: Domain) -> str:
    """A range for people: 1..16 log, or a|b|c; a single value stands for itself."""
    match domain:
        case Named():
            return "hub name or folder"
        case OneOf(choices=choices):
            return "|".join(map(str, choices))
        case _ if domain.low == domain.high:
            return f"{domain.low:g}"
    return f"{domain.low:g}..{domain.high:g}" + (" log" if domain.log else "")


def shown_trait(value: object) -> str:
    """A member's card as text for people."""
    if isinstance(value, frozenset | tuple):
        return ", ".join(sorted(map(str, value)))
    return str(value)


def count_ways(space: Space) -> tuple[int, int]:
    """How many choices of parts there are, and how many values are free beside them."""
    features = [name for name in space.slots["feature"] if name != "none"]
    mapped = len(features) * len(space.slots["mapping"]) + ("none" in space.slots["feature"])
    rest = slots().keys() - {"feature", "mapping", "connector"}
    ways = mapped * math.prod(len(space.slots[slot]) for slot in rest if slot in space.slots)
    knobs = [
        d for choices in space.slots.values() for knobs in choices.values() for d in knobs.values()
    ]
    return ways, sum(_is_free(d) for d in (*knobs, *space.weights.values()))


def _list_family(kind: str, without: Collection[str]) -> None:
    family = family_of(kind)
    cards = [families.card(family, name) for name in families.names(family) if name not in without]
    heads = ("name", "names", "kind", "needs", "knobs", "summary", "source")
    if left_out := print_table(heads, map(_member_row, cards), spare=("source", "knobs", "needs")):
        print_text(f"\nMore ({', '.join(sorted(left_out))}): autodistill show {kind} NAME")


def _ruled_out(classes: int) -> dict[str, str]:
    """Losses that make no sense for a task of so many classes, with the reason."""
    if classes < 2:
        raise SpecError(f"--classes is {classes}; a task has two or more.")
    slots: dict[str, dict[str, dict[str, Domain]]] = {"hard": {}, "logit": {}, "feature": {}}
    for name in families.names("losses"):
        slots[str(families.card("losses", name).traits["kind"])][name] = {}
    return {
        place.partition(".")[2]: why
        for place, why in impossible(slots, Conditions(classes)).items()
    }


def _is_free(domain: Domain) -> bool:
    return len(domain.choices) > 1 if isinstance(domain, OneOf) else domain.low < domain.high


def _member_row(card: Card) -> tuple[str, ...]:
    knobs = "; ".join(f"{k.name} {describe(k.domain)}" for k in card.knobs.values())
    known, needs = (
        ", ".join(card.traits.get("known", ())),
        ", ".join(sorted(card.traits.get("needs", ()))),
    )
    return (
        card.name,
        known,
        card.traits.get("kind", ""),
        needs,
        knobs,
        card.summary,
        card.labels.get("Source", "").rstrip("."),
    )


def _space_row(name: str) -> tuple[str, ...]:
    try:
        space = spaces.space(name)
    except SpecError as error:  # one broken file of a person's own does not hide the others
        return name, "", "", f"cannot be used: {error.problems[0]}"
    ways, free = count_ways(space)
    return name, f"{ways} choices", f"{free} free", space.about


def _list_studies(storage: str) -> None:
    from autodistill.storage import Store

    rows = Store(spaces.database(storage)).studies()
    best = {row.name: "" if row.best is None else f"{row.best:.4f}" for row in rows}
    head = ("name", "dataset", "runs", "best", "created (UTC)")
    print_table(
        head,
        [
            (r.name, r.dataset, str(r.finished), best[r.name], r.created[:16].replace("T", " "))
            for r in rows
        ],
    )


def _show_card(kind: str, card: Card) -> None:
    print_text(f"{kind} {card.name}: {card.summary}")
    for label, text in card.labels.items():
        print_text(f"  {label:<8} {text}")
    for trait, value in card.traits.items():
        print_text(f"  {trait:<8} {shown_trait(value)}")
    if card.knobs:
        print_table(
            ("knob", "range", "default"),
            [(k.name, describe(k.domain), str(k.default)) for k in card.knobs.values()],
        )


def _show_space(space: Space) -> None:
    ways, free = count_ways(space)
    print_text(f"space {space.name}: {space.about}")
    print_text(f"  {ways} choices of parts, {free} free values")
    rows = []
    for slot, choices in space.slots.items():
        for choice, knobs in choices.items():
            rows.append(
                (
                    slot,
                    choice,
                    "; ".join(f"{name} {describe(domain)}" for name, domain in knobs.items()),
                )
            )
    rows += [("weight", name, describe(domain)) for name, domain in space.weights.items()]
    print_table(("slot", "choice", "values"), rows)
    if space.scale_rates:
        paces = {name: pace_of(Part(name)) for name in space.slots["student"]}
        other = ", ".join(f"{name} {pace:g}" for name, pace in paces.items() if pace != 1)
        print_text(f"learning rates: of layers cut from the teacher; times as high: {other}")
    print_text(f"default recipe: {space.made_of(space.default_values())}")


def _show_study(name: str, storage: str) -> None:
    from autodistill.analysis.recommendation import recommend
    from autodistill.cli.arguments import storage_option
    from autodistill.report.answer import answer_of, commands_of
    from autodistill.report.terminal import print_answer
    from autodistill.runtime.progress import Screen
    from autodistill.storage import Store

    record = Store(spaces.database(storage)).record(name)
    print_text(f"study {name}")
    _print_pairs(
        "question", {k: v for k, v in record.study.to_dict().items() if v not in ("", [], {}, 0)}
    )
    _print_pairs("facts", record.facts.updated(simple_baselines=None).to_dict())
    counts = Counter(outcome.status for outcome in record.outcomes)
    _print_pairs("runs", dict(sorted(counts.items())) or {"none": "not started"})
    if record.leaders() or record.usable_baselines():
        recipe, verdict = recommend(record, name)
        commands = commands_of(name, storage_option(storage))
        print_answer(answer_of(record, recipe, verdict, commands), Screen().answers)


def _print_pairs(title: str, pairs: Mapping[str, Any]) -> None:
    print_text(f"  {title}")
    for key, value in pairs.items():
        shown = (
            f"{value:.4g}"
            if isinstance(value, float)
            else ", ".join(map(str, value))
            if isinstance(value, list)
            else str(value)
        )
        print_text(f"    {key:<16} {shown}")
